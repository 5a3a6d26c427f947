"""Several workloads on one machine: who runs where, so that together they lose the least speed.

Workloads in one place take turns: each runs at its share of the place's time. What a combination
costs is the product of how much slower each workload is than at its own best place, alone.
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
    """Say whether all that share a place fit in its memory at once; unknown memory is no bar."""
    needed: dict[str, float] = {}
    room: dict[str, float] = {}
    for estimate in taken:
        place = estimate.plan.place
        if estimate.memory_bytes and estimate.memory_available is not None:
            needed[place] = needed.get(place, 0.0) + estimate.memory_bytes.likely
            room[place] = estimate.memory_available
    return all(needed[place] <= room[place] for place in room)


def _loss(tasks: Sequence[Task], taken: Sequence[Estimate]) -> float:
    places = [estimate.plan.place for estimate in taken]
    return sum(
        math.log(_slower(task, estimate) * places.count(estimate.plan.place))
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
        if other is not task and its.plan.place == estimate.plan.place
    ]
    return Assigned(
        workload=task.workload,
        estimate=estimate,
        beside=tuple(beside),
        slower=_slower(task, estimate),
        because=_because(tasks, taken, index, beside),
    )


def _because(
    tasks: Sequence[Task], taken: Sequence[Estimate], index: int, beside: Sequence[str]
) -> str:
    task, place = tasks[index], taken[index].plan.place
    wished = task.choices[0].plan.place
    slower = _slower(task, taken[index])
    if place != wished:
        others = [
            f"{other.workload} would lose {_loses(other, wished)}"
            for other, its in zip(tasks, taken, strict=True)
            if its.plan.place == wished
        ]
        return f"{slower:.3g}× slower than on {wished}, where {' and '.join(others)}"
    if beside:
        apart = _loses(task, place)
        return f"takes turns with {' and '.join(beside)}: apart it would lose {apart}"
    return "its best place, which no other needs more"


def _loses(task: Task, place: str) -> str:
    """Say what a task loses at its next best place."""
    others = [choice for choice in task.choices if choice.plan.place != place]
    return f"{_slower(task, others[0]):.3g}×" if others else "its only place here"
