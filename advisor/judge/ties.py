"""What else does as well for all that is known: other batches, settings and precisions there."""

from collections.abc import Callable, Iterable

import msgspec

from advisor.advice import Tie
from advisor.estimate import Estimate, Interval, Plan


def ties(
    chosen: Estimate,
    others: Iterable[Estimate],
    ratio: Callable[[Estimate, Estimate], Interval | None],
) -> tuple[Tie, ...]:
    """Return what is tied with the chosen plan in its place, out of others ranked best first.

    Every batch of it; of what is set otherwise, and of each other precision, the best plan.
    """
    told: dict[str, Tie] = {}
    for other in others:
        key = _apart(chosen.plan, other.plan)
        if not key or key in told:
            continue
        found = ratio(chosen, other)
        if found and found.low <= 1 <= found.high:
            faster = (found.low, found.likely, found.high)
            told[key] = Tie(estimate=other, by=key.partition(" ")[0], faster=faster)
    return tuple(told.values())


def _apart(mine: Plan, other: Plan) -> str:
    """Name what sets a plan apart from the chosen one in its place; empty for plans elsewhere."""
    if (mine.place, mine.device) != (other.place, other.device):
        return ""
    if mine.precision != other.precision:
        return f"precision {other.precision}"
    if mine.settings != other.settings:
        return f"settings {other.settings}"
    same = msgspec.structs.replace(other, batch=mine.batch) == mine
    return f"batch {other.batch}" if same and other.batch != mine.batch else ""
