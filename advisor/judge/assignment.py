"""Several workloads on one machine: who runs where, so that together they lose the least.

Workloads whose places have a device in common take turns: each runs at its share of the time. Of
jobs that end, a combination costs the time that they take longer than each alone at its own best
place, so that an hour's job does not make way for a second's; where some have no end, the product
of how many times slower they are.
"""

import math
from collections.abc import Iterator, Sequence
from functools import cached_property

from advisor.advice import Assigned, Task
from advisor.estimate import Estimate
from advisor.units import digits


class _Spot:
    """A plan at a place, with what is asked of it for each combination."""

    def __init__(self, task: Task, choice: int, estimate: Estimate) -> None:
        """Know whose plan it is, and which of the task's choices."""
        self.task, self.choice, self.estimate = task, choice, estimate

    @cached_property
    def devices(self) -> frozenset[str]:
        """The devices that it takes."""
        return self.estimate.plan.devices

    @cached_property
    def held(self) -> float:
        """The share of the memory of its devices that it takes; 0 where that is not known."""
        needed, there = self.estimate.memory_bytes, self.estimate.memory_available
        return needed.likely / there if needed and there else 0.0

    @cached_property
    def lasts(self) -> float | None:
        """The seconds that its job takes; None where it has no end."""
        return _lasts(self.estimate)

    @cached_property
    def slower(self) -> float:
        """How many times slower it is than the task's best plan."""
        best = self.task.choices[0][0].throughput
        if best is None or self.estimate.throughput is None:
            return 1.0
        return max(best.likely / self.estimate.throughput.likely, 1.0)

    def meets(self, other: "_Spot") -> bool:
        """Say whether two have a device in common."""
        return not self.devices.isdisjoint(other.devices)

    def waits(self, other: "_Spot") -> float:
        """Return by what share of its own time another that it takes turns with delays it."""
        return min(other.lasts / self.lasts, 1.0) if self.lasts and other.lasts else 1.0


def _lasts(found: Estimate) -> float | None:
    whole = found.throughput is not None and found.throughput.unit == "jobs/s"
    job = found.seconds if whole else found.job_seconds
    return job.likely if job else None


_Choice = tuple[_Spot, ...]


def assign(tasks: Sequence[Task]) -> tuple[Assigned, ...]:
    """Give each task a place; a task without any plan is left out.

    ``choices`` of a task come best first; each is a plan at all places that are alike for it.
    """
    able = [_choices(task) for task in tasks if task.choices]
    if not able:
        return ()
    best = min((_settled(able, start) for start in _starts(able)), key=_loss)
    return tuple(_assigned(able, best, index) for index in range(len(able)))


def _choices(task: Task) -> list[_Choice]:
    return [tuple(_Spot(task, n, e) for e in same) for n, same in enumerate(task.choices)]


def _starts(able: Sequence[list[_Choice]]) -> Iterator[list[int]]:
    """Begin with everyone's best choice, then with everyone's second, and so on."""
    for number in range(max(map(len, able))):
        yield [min(number, len(choices) - 1) for choices in able]


def _settled(able: Sequence[list[_Choice]], chosen: list[int]) -> list[_Spot]:
    """Move one task at a time to another choice, the one that saves most, while any saves."""
    best = _placed(able, chosen)
    while True:
        moves = [
            _placed(able, [*chosen[:task], number, *chosen[task + 1 :]])
            for task, choices in enumerate(able)
            for number in range(len(choices))
            if number != chosen[task]
        ]
        better = min(moves, key=_loss, default=best)
        if _loss(better) >= _loss(best):
            return best
        best, chosen = better, [spot.choice for spot in better]


def _placed(able: Sequence[list[_Choice]], chosen: Sequence[int]) -> list[_Spot]:
    """Put each where it meets the fewest, those that take the most devices first."""
    wanted = [choices[number] for choices, number in zip(able, chosen, strict=True)]
    order = sorted(range(len(wanted)), key=lambda task: -len(wanted[task][0].devices))
    taken: dict[int, _Spot] = {}
    for task in order:
        taken[task] = min(
            wanted[task], key=lambda spot: sum(spot.meets(other) for other in taken.values())
        )
    return [taken[task] for task in range(len(wanted))]


def _loss(taken: Sequence[_Spot]) -> tuple[float, ...]:
    """Return how many lack memory, then what the others' presence costs all; the least is best.

    Who shares a place is taken to share it all the time: a place of its own is worth more than
    short turns. Of what costs the same, fewer meetings and better choices come first.
    """
    met = [sum(spot.meets(other) for other in taken) for spot in taken]
    slower = [spot.slower * count for spot, count in zip(taken, met, strict=True)]
    jobs = [job for spot in taken if (job := _lasts(spot.task.choices[0][0]))]
    lost = sum(math.log(times) for times in slower)
    if len(jobs) == len(taken):
        lost = sum(job * (times - 1) for job, times in zip(jobs, slower, strict=True))
    # The last bits of a sum are no gain.
    crowded = sum(_crowded(spot, taken) for spot in taken)
    return crowded, float(f"{lost:.9g}"), sum(met), sum(spot.choice for spot in taken)


def _turns(spot: _Spot, taken: Sequence[_Spot]) -> float:
    """Return how many times longer it takes for those that it takes turns with."""
    return 1 + sum(spot.waits(other) for other in taken if other is not spot and spot.meets(other))


def _crowded(spot: _Spot, taken: Sequence[_Spot]) -> bool:
    """Say whether those that share a device of it do not fit in its memory at once."""
    return any(_overfull(device, taken) for device in spot.devices)


def _overfull(device: str, taken: Sequence[_Spot]) -> bool:
    sharing = [spot.held for spot in taken if device in spot.devices]
    return len(sharing) > 1 and sum(sharing) > 1


def _assigned(able: Sequence[list[_Choice]], taken: Sequence[_Spot], index: int) -> Assigned:
    mine = taken[index]
    beside = [other for other in taken if other is not mine and other.meets(mine)]
    return Assigned(
        workload=mine.task.workload,
        estimate=mine.estimate,
        beside=tuple(other.task.workload for other in beside),
        turns=_turns(mine, taken),
        slower=mine.slower,
        because=_because(able, taken, index, beside),
    )


# A gain or a loss below this is none that anyone would see.
_SEEN = 1.05


def _because(
    able: Sequence[list[_Choice]], taken: Sequence[_Spot], index: int, beside: Sequence[_Spot]
) -> str:
    mine, wished = taken[index], able[index][0]
    if beside and _crowded(mine, taken):
        return f"runs before or after {_names(beside)}: its memory does not hold all at once"
    if beside:
        turns = _turns(mine, taken)
        late = f"makes it {digits(turns, 2)} times slower" if turns >= _SEEN else "hardly delays it"
        elsewhere = _elsewhere(able[index], taken, index)
        return f"takes turns with {_names(beside)}, which {late}; {elsewhere}"
    if mine.choice == 0:
        return "this is its best place, and no other needs it more"
    place, faster = wished[0].estimate.plan.place, digits(mine.slower, 2)
    others = [other for other in taken if other is not mine]
    rivals = [other for other in others if any(other.meets(spot) for spot in wished)]
    if any(mine.devices < spot.devices for spot in wished):
        count = len(wished[0].devices)
        rest = f"leaves {count - len(mine.devices)} of the {count} GPUs to {_names(rivals)}"
        return f"{rest}; with all of them it would be {faster} times as fast"
    needs = _names(rivals)
    if len(rivals) == 1:
        theirs = able[taken.index(rivals[0])]
        needs = f"{needs}, which elsewhere would {_lose(theirs, wished)}"
    if mine.slower < _SEEN:
        return f"as good as {place}, which is needed more by {needs}"
    return f"it would be {faster} times as fast on {place}, but that is needed more by {needs}"


def _names(spots: Sequence[_Spot]) -> str:
    *most, last = (spot.task.workload for spot in spots)
    return f"{', '.join(most)} and {last}" if most else last


def _clear(choices: Sequence[_Choice], others: Sequence[_Spot]) -> _Spot | None:
    """Return the best of the choices that meets none of the others."""
    spots = (spot for same in choices for spot in same)
    return next((spot for spot in spots if not any(map(spot.meets, others))), None)


def _elsewhere(choices: Sequence[_Choice], taken: Sequence[_Spot], index: int) -> str:
    """Say what a task would lose where nobody runs, if there is such a place for it."""
    free = _clear(choices, [other for other in taken if other is not taken[index]])
    if free is None:
        return "no other place is free"
    return f"elsewhere it would be {digits(free.slower, 2)} times slower"


def _lose(choices: Sequence[_Choice], wished: _Choice) -> str:
    """Say what becomes of a task that keeps clear of some places."""
    clear = _clear(choices, wished)
    return f"be {digits(clear.slower, 2)} times slower" if clear else "not run at all"
