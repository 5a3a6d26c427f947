"""In which order tasks are admitted, and in which they are timed in a round."""

from collections import Counter
from collections.abc import Sequence
from random import Random

from advisor.bench.series import Series
from advisor.bench.task import Task

# Tasks from this rank on come after all others.
_RARE = 3


def thinned(tasks: Sequence[Task]) -> list[Task]:
    """Mix the surfaces, each in its own order, so that any beginning has a like share of each."""
    counts = Counter(task.label for task in tasks)
    seen: Counter[str] = Counter()
    placed = []
    for task in sorted(tasks, key=lambda task: task.rank):
        share = seen[task.label] / counts[task.label]
        seen[task.label] += 1
        placed.append((task.rank >= _RARE, share, task))
    return [task for _, _, task in sorted(placed, key=lambda item: item[:2])]


def dealt(tasks: Sequence[Task]) -> list[Task]:
    """Order by rank; of one rank, take the surfaces in turn, so that none is left without."""
    seen: Counter[tuple[int, str]] = Counter()
    placed = []
    for task in tasks:
        turn = task.rank, task.label
        placed.append((task.rank, seen[turn], task))
        seen[turn] += 1
    return [task for _, _, task in sorted(placed, key=lambda item: item[:2])]


def shuffle(active: list[Series], number: int) -> None:
    """See that no task always follows the same one, nor itself; the order can be repeated.

    The core goes first: where a round is cut short, that was not lost.
    """
    last = active[-1:]
    Random(number).shuffle(active)  # noqa: S311 - not for secrets
    active.sort(key=lambda series: not series.task.core)
    if active[:1] == last:
        active.append(active.pop(0))
