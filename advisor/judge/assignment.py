"""Several workloads on one machine: who runs where, so that together they lose the least speed.

Workloads whose places have a device in common take turns: each runs at its share of the time. What
a combination costs is the product of how much slower each workload is than at its own best place,
alone.
"""

import math
from collections.abc import Iterator, Sequence
from itertools import product

from advisor.advice import Assigned, Task
from advisor.estimate import Estimate

# So many combinations are tried in some milliseconds; more places for a workload are left out.
_COMBINATIONS = 20_000


def assign(tasks: Sequence[Task]) -> tuple[Assigned, ...]:
    """Give each task a place; a task without any plan is left out.

    ``choices`` of a task come best first, one for each place.
    """
    able = [task for task in tasks if task.choices]
    if not able:
        return ()
    fitting = [taken for taken in _combinations(able) if _fit(taken)]
    best = min(fitting, key=lambda taken: _loss(able, taken), default=None)
    if best is None:
        return ()
    return tuple(_assigned(able, best, index) for index in range(len(able)))


def _combinations(tasks: Sequence[Task]) -> Iterator[tuple[Estimate, ...]]:
    most = max(int(_COMBINATIONS ** (1 / len(tasks))), 1)
    return product(*(task.choices[:most] for task in tasks))


def _fit(taken: Sequence[Estimate]) -> bool:
    """Say whether all that share a device fit in its memory at once; unknown memory is no bar.

    Several devices that make a place hold an equal part each.
    """
    needed: dict[str, float] = {}
    room: dict[str, float] = {}
    for estimate in taken:
        devices = estimate.plan.devices
        if estimate.memory_bytes and estimate.memory_available is not None:
            for device in devices:
                part = estimate.memory_bytes.likely / len(devices)
                needed[device] = needed.get(device, 0.0) + part
                room[device] = estimate.memory_available / len(devices)
    return all(needed[device] <= room[device] for device in room)


def _meet(one: Estimate, other: Estimate) -> bool:
    """Say whether two plans have a device in common."""
    return bool(one.plan.devices & other.plan.devices)


def _loss(tasks: Sequence[Task], taken: Sequence[Estimate]) -> float:
    return sum(
        math.log(_slower(task, estimate) * sum(_meet(estimate, other) for other in taken))
        for task, estimate in zip(tasks, taken, strict=True)
    )


def _slower(task: Task, estimate: Estimate) -> float:
    """Return how many times slower a plan is than the task's best."""
    best = task.choices[0].throughput
    if best is None or estimate.throughput is None:
        return 1.0
    return max(best.likely / estimate.throughput.likely, 1.0)


def _assigned(tasks: Sequence[Task], taken: Sequence[Estimate], index: int) -> Assigned:
    task, estimate = tasks[index], taken[index]
    beside = [
        other.workload
        for other, its in zip(tasks, taken, strict=True)
        if other is not task and _meet(its, estimate)
    ]
    return Assigned(
        workload=task.workload,
        estimate=estimate,
        beside=tuple(beside),
        slower=_slower(task, estimate),
        because=_because(tasks, taken, index, beside),
    )


# A gain below this is none that anyone would see.
_SEEN = 1.05


def _because(
    tasks: Sequence[Task], taken: Sequence[Estimate], index: int, beside: Sequence[str]
) -> str:
    task, mine = tasks[index], taken[index]
    wished = task.choices[0]
    if mine.plan.place != wished.plan.place:
        others = [
            f"{other.workload}, which elsewhere would {_lose(other, wished)}"
            for other, its in zip(tasks, taken, strict=True)
            if other is not task and _meet(its, wished)
        ]
        slower = _slower(task, mine)
        if slower < _SEEN:
            return f"as good as {wished.plan.place}, which is needed more by {' and '.join(others)}"
        gain = f"it would be {slower:.2g} times as fast on {wished.plan.place}"
        return f"{gain}, but that is needed more by {' and '.join(others)}"
    if beside:
        return (
            f"takes turns with {' and '.join(beside)}, for elsewhere it would {_lose(task, mine)}"
        )
    return "this is its best place, and no other needs it more"


def _lose(task: Task, taken: Estimate) -> str:
    """Say what becomes of a task at its best place apart from one that is taken."""
    others = [choice for choice in task.choices if not _meet(choice, taken)]
    return f"be {_slower(task, others[0]):.2g} times slower" if others else "not run at all"
