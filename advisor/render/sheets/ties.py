"""What does as well as the chosen plan in its place, in a line, and what would decide."""

from collections.abc import Sequence

from advisor.estimate import FLAT
from advisor.report import Answer, TieLine

# More batches than these are told as a range.
_FEW = 3


def ties(answer: Answer) -> list[tuple[str, str]]:
    """Name what is likely as fast, or faster but not surely, and by how much.

    What is likely slower is left out, though that is not sure either: nobody would choose it.
    """
    near = [tie for tie in answer.ties if 1 / FLAT <= tie.faster.likely <= FLAT]
    faster = [tie for tie in answer.ties if tie.faster.likely < 1 / FLAT]
    told = [f"{_named(near)}, likely {_within(near)}"] if near else []
    told += [f"{_named(faster)}, likely up to {_most(faster)} faster"] if faster else []
    if not told:
        return []
    known = answer.tied and answer.settles == answer.ties_settle
    return [("As good", "; ".join(told) + ("" if known else f": {answer.ties_settle} decides"))]


def _within(near: Sequence[TieLine]) -> str:
    apart = _most(near)
    return "as fast" if apart == "0 %" else f"within {apart}"


def _most(some: Sequence[TieLine]) -> str:
    """Return by how much one of them is likely faster or slower at most."""
    return f"{max(abs(1 / tie.faster.likely - 1) for tie in some) * 100:.0f} %"


def _named(some: Sequence[TieLine]) -> str:
    batches = sorted(tie.batch for tie in some if tie.by == "batch")
    told = [_batches(batches)] if batches else []
    told += [tie.precision for tie in some if tie.by == "precision"]
    told += [" and ".join(tie.settings) or "eager" for tie in some if tie.by == "settings"]
    return ", ".join(told)


def _batches(batches: list[int]) -> str:
    """List a few batches, and of more the first and the last."""
    if len(batches) > _FEW:
        return f"batch {batches[0]} to {batches[-1]}"
    *most, last = map(str, batches)
    return f"batch {', '.join(most)} or {last}" if most else f"batch {last}"
