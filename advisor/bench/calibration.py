"""How many calls of a task make a batch, and what a visit to it costs: seen in one call or two."""

import msgspec

from advisor.bench.series import Series, calls_cost, calls_for
from advisor.bench.task import Sample, Task
from advisor.bench.visits import Visits
from advisor.bench.wash import SHORT, WASHING_SECONDS

# Samples this long together average out by themselves what a median of more would.
_LONG_SECONDS = 0.1
# First calls up to this took as little as a twentieth when they were made again: pages are faulted
# in, kernels chosen (a guest that gives free pages back to its host). What takes longer is not
# asked again: where it is the machine that is slow, that would cost too much.
_SET_UP_SECONDS = 0.05
# One that comes this near to the best rate of its surface had nothing to set up.
_USUAL_RATE = 0.8


def calibrated(visits: Visits, task: Task, best: float, *, short: bool) -> Series:
    """Visit a task for the first time; ``best`` is the highest rate of its surface so far.

    In a ``short`` stage a visit takes one sample: five rounds of one tell more than two of three,
    and what is unusual is sampled again; but not where the batch is one call, the cold first.

    Raises:
        TaskError: it cannot be timed.
    """
    sample, besides = _seen(visits, task, best)
    per_call = min(sample.seconds)
    calls = calls_for(task.batch_seconds, per_call)
    samples = 1 if short and calls > 1 else task.samples
    samples = max(min(samples, int(_LONG_SECONDS / (calls * per_call))), 1)
    washing = WASHING_SECONDS if task.washed and per_call < SHORT else 0.0
    done = msgspec.structs.replace(task, work=sample.work or task.work, samples=samples)
    return Series(
        task=done,
        calls=calls,
        costs=[per_call * (calls * samples + (calls > 1)) + besides + washing],
        expected=done.value(per_call),
        conditions=sample.conditions,
        doubt=sample.doubt,
    )


def _seen(visits: Visits, task: Task, best: float) -> tuple[Sample, float]:
    """Return one look at a task, without its first call where that matters; and what else it costs.

    Cold calls are of the rounds.
    """
    bare = msgspec.structs.replace(task, washed=False)
    sample = visits.calm(bare, 1, 1)
    first = sample.seconds[0]
    if not _sets_up(task, first, best):
        return sample, 0.0
    calls = calls_for(task.batch_seconds / 4, first)
    sample = visits.calm(bare, calls, 1)
    return sample, max(sample.cost - calls_cost(sample, calls), 0.0)


def _sets_up(task: Task, first: float, best: float) -> bool:
    """Whether a first call may have set things up, so that another one is faster."""
    if first < task.batch_seconds:
        return True
    slow = not task.work or task.work / first < _USUAL_RATE * best
    return first < _SET_UP_SECONDS and slow
