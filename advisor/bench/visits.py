"""One visit to a task: timed by the stand, and made again where something disturbed it."""

import math

import msgspec

from advisor.bench.clock import Clock
from advisor.bench.series import Series
from advisor.bench.task import Sample, Stand, Task

# A disturbed visit is made again so often at most; all of that takes this share of the time.
_TRIES = 2
_RETAKE_SHARE = 0.08


class Visits:
    """Visits tasks, within ``seconds`` from now on; a share of these is for second looks."""

    def __init__(self, stand: Stand, clock: Clock, seconds: float, overtime: float) -> None:
        """Keep the parts; what was begun may take ``overtime`` as well, a share of the seconds."""
        self._stand = stand
        self._clock = clock
        self._seconds = seconds
        self._until = clock.now() + seconds * (1 + overtime)
        self._retaken = 0.0
        self._made: dict[str, float] = {}
        self.worker_seconds = 0.0

    def left(self) -> float:
        """Return the seconds that are left."""
        return self._until - self._clock.now()

    def since(self, task: Task) -> float:
        """Return how long ago a task was visited; long ago, if it never was in this stage."""
        return self._clock.now() - self._made.get(task.key, -math.inf)

    def calm(self, task: Task, calls: int, samples: int) -> Sample:
        """Visit a task; once more, or twice, if something disturbed that, while there is time."""
        sample = self._visit(task, calls, samples)
        for _ in range(_TRIES):
            if not sample.strained or sample.cost > self._spare():
                break
            self._retaken += sample.cost
            sample = self._visit(task, calls, samples)
        return sample

    def again(self, series: Series, sample: Sample) -> Sample:
        """Take two more samples, so that the median sets a hiccup aside, in either direction."""
        cost = 2 * sample.cost
        if cost > self._spare():
            return sample
        self._retaken += cost
        more = self._visit(series.task, series.calls, 2)
        return msgspec.structs.replace(sample, seconds=(*sample.seconds, *more.seconds))

    def _visit(self, task: Task, calls: int, samples: int) -> Sample:
        began = self._clock.now()
        sample = self._stand.sample(task, calls, samples)
        self.worker_seconds += sample.cpu_seconds
        self._made[task.key] = self._clock.now()
        return msgspec.structs.replace(sample, cost=self._clock.now() - began)

    def _spare(self) -> float:
        """Return the seconds that are left for a second look."""
        return min(self._seconds * _RETAKE_SHARE - self._retaken, self.left())
