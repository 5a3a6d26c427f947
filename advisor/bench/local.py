"""Times callables in this process with the rounds, statistics and quality of the benchmarks."""

import gc
import time
from collections.abc import Callable, Sequence

from advisor.bench.clock import Clock
from advisor.bench.figures import figure
from advisor.bench.schedule import Schedule
from advisor.bench.series import Limits, Reader, Series
from advisor.bench.task import Sample, Task, TaskError
from advisor.machine import Gap
from advisor.measurement import Measurement

Call = Callable[[], object]
Work = Sequence[tuple[Task, Call]]


def time_calls(
    work: Work, clock: Clock, reader: Reader, limits: Limits, *, wait: Call | None = None
) -> tuple[list[Measurement], list[Gap]]:
    """Time callables interleaved with each other; what could not be timed is a gap.

    A task says how its callable's seconds are counted (``work`` 0: as seconds) and named; the
    condition ``first_call`` of each measurement is the same for the first call of a batch, when
    the caches hold the others' data. ``wait`` returns when a queued device has done its work.
    """
    collected = _Collected(limits)
    stand = Local(work, clock, wait or _nothing)
    Schedule(stand, clock, reader, collected, limits).run([task for task, _ in work])
    return collected.measurements, collected.gaps


class Local:
    """A `Stand` for callables."""

    def __init__(self, work: Work, clock: Clock, wait: Call) -> None:
        """Keep the callables by their tasks."""
        self._calls = {task.key: call for task, call in work}
        self._clock = clock
        self._wait = wait

    def sample(self, task: Task, calls: int, samples: int) -> Sample:
        """Time the first call, then the batches; a library's complaint becomes a `TaskError`."""
        call = self._calls[task.key]
        used = time.process_time()
        gc.disable()
        try:
            first = self._batch(call, 1)
            seconds = [self._batch(call, calls) / calls for _ in range(samples - (calls == 1))]
        except (RuntimeError, ValueError, TypeError, MemoryError) as error:
            raise TaskError(str(error) or type(error).__name__) from error
        finally:
            gc.enable()
        every = (*seconds, first) if calls == 1 else tuple(seconds)
        return Sample(seconds=every, first=first, cpu_seconds=time.process_time() - used)

    def _batch(self, call: Call, calls: int) -> float:
        self._wait()
        began = self._clock.now()
        for _ in range(calls):
            call()
        self._wait()
        return self._clock.now() - began


class _Collected:
    """An `Observer` that turns what is finished into measurements."""

    def __init__(self, limits: Limits) -> None:
        self.measurements: list[Measurement] = []
        self.gaps: list[Gap] = []
        self._limits = limits

    def visited(self, series: Series, limits: Limits) -> None:
        """Nobody watches."""

    def finished(self, series: Series) -> None:
        self.measurements.append(figure(series, self._limits, {}))

    def missed(self, gap: Gap) -> None:
        self.gaps.append(gap)


def _nothing() -> None:
    """Wait for nothing: calls return when their work is done."""
