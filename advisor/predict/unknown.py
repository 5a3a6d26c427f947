"""Which operators of plans would sharpen their prediction, were they timed by themselves."""

from collections.abc import Iterable
from typing import NamedTuple

from advisor.constants import Constants
from advisor.estimate import Plan
from advisor.measurement import Quality
from advisor.operation import Op, viewed, work
from advisor.predict.figures import measured, op_of
from advisor.predict.op import Clockwork
from advisor.predict.planning import operations
from advisor.profile import Profile
from advisor.workload import Workload

# An operator is timed in rounds of batches (bench: three rounds, a first call, a calibration).
_ROUNDS = 5
_BATCH_SECONDS = 0.002
# No op touches more than this when it is timed (2 GB in fp32).
_MOST_ELEMENTS = 5e8
# What is left untimed decides little if it takes less than this share of the step.
_LITTLE = 0.1
# A plan is known by its own operators where those that were timed take this share of its step; one
# that cannot be brought so far in the time that is there is left to the surface.
ENOUGH = 0.5
Pass = tuple[Op, bool]


class Missing(NamedTuple):
    """Operators of a plan that are worth timing; True stands beside a backward pass."""

    plan: Plan
    operators: tuple[Pass, ...]


class _Open(NamedTuple):
    """An operator that was not timed: seconds in its step, and to time it."""

    share: float
    cost: float
    run: Pass


def untimed(
    workload: Workload,
    plans: Iterable[Plan],
    profile: Profile,
    constants: Constants,
    seconds: float,
) -> list[Missing]:
    """Return the operators of plans to time within some seconds, first plans first.

    Of a plan those come first that take most of a step. There are none of a plan where those that
    were timed take nearly all of it, where nothing can be predicted yet, or where the time does not
    do; none is named twice, and none that was tried in vain.
    """
    clocks: dict[str, Clockwork] = {}
    found: list[Missing] = []
    left, seen = seconds, _tried(profile)
    for plan in plans:
        if plan.place not in clocks:
            figures = measured(profile, plan.place)
            clocks[plan.place] = Clockwork(figures, constants[figures.constants])
        total, listed = _open(workload, plan, clocks[plan.place], seen)
        known = total - sum(one.share for one in listed)
        chosen = _within(listed, left)
        if known >= (1 - _LITTLE) * total or not chosen:
            continue
        if known + sum(one.share for one in chosen) >= ENOUGH * total:
            found.append(Missing(plan, tuple(one.run for one in chosen)))
            left -= sum(one.cost for one in chosen)
            seen |= {_name(plan, *one.run) for one in chosen}
    return found


def _tried(profile: Profile) -> set[tuple[str, str, bytes, bool]]:
    """Name the operators that could not be timed soundly."""
    rows = (r for r in profile.measurements if r.name == "op" and r.quality is Quality.INVALID)
    return {
        (row.device, row.dtype or "fp32", op.key, bool(row.conditions.get("backward")))
        for row, op in ((row, op_of(row)) for row in rows)
        if op
    }


def _name(plan: Plan, op: Op, backward: bool) -> tuple[str, str, bytes, bool]:
    return plan.place, plan.dtype, op.key, backward


def _open(
    workload: Workload, plan: Plan, clockwork: Clockwork, seen: set[tuple[str, str, bytes, bool]]
) -> tuple[float, list[_Open]]:
    """Return the seconds of a step, and its operators that could be timed and were not."""
    total, listed = 0.0, []
    for op, backward in operations(workload, plan):
        time = clockwork.seconds(op, plan.dtype, backward=backward)
        if time is None:
            return 0.0, []
        total += op.count * time.seconds
        small = work(op).elements <= _MOST_ELEMENTS
        known = time.exact or _name(plan, op, backward) in seen or viewed(op, backward=backward)
        if small and not known:
            cost = _ROUNDS * max(time.seconds, _BATCH_SECONDS)
            listed.append(_Open(op.count * time.seconds, cost, (op, backward)))
    return total, listed


def _within(listed: list[_Open], seconds: float) -> list[_Open]:
    chosen, left = [], seconds
    for one in sorted(listed, key=lambda one: -one.share):
        if one.cost <= left:
            chosen.append(one)
            left -= one.cost
    return chosen
