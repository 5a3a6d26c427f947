"""What a run of rounds is made of: its limits, one task's rounds, and who hears of them."""

import math
from collections.abc import Sequence
from statistics import median, median_low
from typing import Protocol

import msgspec

from advisor.bench.modes import part
from advisor.bench.quality import Disturbance, strain
from advisor.bench.task import Condition, Sample, Task
from advisor.bench.watch import Reading
from advisor.machine import Gap

_MOST_CALLS = 1_000_000
# Quiet samples of one task were within 20 % of each other; a pause of the whole guest takes
# milliseconds, as long as a batch.
_FAR = 1.35
_TOO_LONG = 4.0
# So many rounds in which nobody waited tell whether waiting does harm: more than this share.
_REFERENCE = 3
_HARMLESS = 0.05
# Looks at what is lasting take this share of the time, and then come about once a second: a host
# moves its guests every few seconds (on one, main memory ran at 47 or at 78 GB/s, for one to thirty
# seconds each).
_LASTING_SHARE = 0.04


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """When to stop: seconds in all; rounds at least and at most; half width as a share.

    ``asked`` is the time limit that the user knows of, where these rounds have a part of it;
    ``wanted`` rounds are taken even of what is steady, as far as the time lasts. Where the time is
    over before there are ``least`` rounds, ``fewest`` give a figure that says so. However steady, a
    figure is spread over ``span`` seconds.
    """

    seconds: float
    asked: float | None = None
    least: int = 5
    fewest: int = 3
    wanted: int = 5
    most: int = 40
    width: float = 0.03
    span: float = 0.0


def calls_for(seconds: float, per_call: float) -> int:
    """Return how many calls make a batch of at least so many seconds."""
    return min(max(math.ceil(seconds / max(per_call, 1e-9)), 1), _MOST_CALLS)


def calls_cost(sample: Sample, calls: int) -> float:
    """Return what a visit's calls took; of a batch of one call the first is one of the samples."""
    return sum(sample.seconds) * calls + (sample.first if calls > 1 else 0.0)


def too_late(tasks: Sequence[Task], limits: Limits) -> Gap:
    """Say that the time was over before these tasks of one surface had their rounds."""
    of = f"{len(tasks)} of its shapes" if len(tasks) > 1 else "it"
    asked = limits.asked or limits.seconds
    return Gap(
        tasks[0].what,
        f"{limits.least} rounds of {of} do not fit in {asked:.3g} s",
        f"mlinfra bench {tasks[0].benchmark} --time {math.ceil(asked * 2)}s",
    )


class Series(msgspec.Struct, kw_only=True):
    """One task's rounds so far, in its unit: median and disturbance of each.

    ``times`` are when the rounds ended, ``costs`` the seconds that visits took, the first as
    calibrated; ``expected`` is the value seen beforehand; ``turn`` grows from task to task that
    came in; ``short`` says why there are fewer rounds than there should be.
    """

    task: Task
    calls: int
    costs: list[float]
    expected: float
    turn: int = 0
    medians: list[float] = msgspec.field(default_factory=list)
    colds: list[float] = msgspec.field(default_factory=list)
    disturbances: list[Disturbance] = msgspec.field(default_factory=list)
    times: list[float] = msgspec.field(default_factory=list)
    disagreement: float = 0.0
    conditions: dict[str, Condition] = msgspec.field(default_factory=dict)
    doubt: str | None = None
    short: str | None = None

    @property
    def cost(self) -> float:
        """Return the seconds that a visit takes: one that was disturbed does not count."""
        return median_low(self.costs)

    @property
    def share(self) -> float:
        """Return the share of the time that looks at what is lasting take."""
        return _LASTING_SHARE if self.task.lasting else 0.0

    @property
    def every(self) -> float:
        """Return after how many seconds what is lasting is looked at again."""
        return self.cost / _LASTING_SHARE

    @property
    def span(self) -> float:
        """Return the seconds that its rounds are spread over."""
        return self.times[-1] - self.times[0] if self.times else 0.0

    def hear(self, visits: Sequence[Sample], disturbance: Disturbance, now: float) -> None:
        """Note the visits of a round: as one, or each for itself where the task is lasting."""
        for together in [[one] for one in visits] if self.task.lasting else [visits]:
            self.add(together, disturbance, now)

    def add(self, visits: Sequence[Sample], disturbance: Disturbance, now: float = 0.0) -> None:
        """Note one round, in which the task was visited once or more, and when it ended."""
        calm = [visit for visit in visits if not visit.strained] or visits
        seconds = [second for visit in calm for second in visit.seconds]
        self.medians.append(self.task.value(median(seconds)))
        self.costs.append(visits[-1].cost)
        self.calls = self._calls(seconds)
        self.colds += [one.cold for one in visits if one.cold is not None]
        self.disagreement = max(self.disagreement, *(visit.disagreement for visit in visits))
        self.disturbances.append(strain(disturbance, visits))
        self.times.append(now)

    def _calls(self, seconds: Sequence[float]) -> int:
        """Make batches longer that turned out too short, shorter what was far too long."""
        wanted = self.task.batch_seconds
        if median(seconds) * self.calls > _TOO_LONG * wanted:
            return calls_for(wanted, median(seconds))
        return max(self.calls, calls_for(wanted, min(seconds)))

    def unusual(self, sample: Sample) -> bool:
        """Whether a single sample is far from the rounds before, as a hiccup makes it.

        What is lasting is looked at so often that one hiccup does not matter.
        """
        if self.task.lasting:
            return False
        ratio = self.task.value(sample.seconds[0]) / median(self.medians or [self.expected])
        return not 1 / _FAR < ratio < _FAR

    def calm(self) -> list[float]:
        """Return the medians of the rounds that nothing seen disturbed, or that it left alone.

        A thread may wait for another one of ours; that does no harm where the rounds without it
        are no faster. In an average of many looks some that waited do none in any case.
        """
        pairs = list(zip(self.medians, self.disturbances, strict=True))
        if self.task.lasting:
            return [value for value, seen in pairs if seen.only_waited or not seen.any]
        still = [value for value, disturbance in pairs if not disturbance.any]
        if len(still) < _REFERENCE:
            return still
        usual = median(still)
        return [
            value
            for value, disturbance in pairs
            if not disturbance.any
            or (disturbance.only_waited and abs(value / usual - 1) <= _HARMLESS)
        ]

    def clean(self) -> list[float]:
        """Return those of them that ran at the speed that most did; of what is lasting, all."""
        return self.calm() if self.task.lasting else list(part(self.calm()).main)

    def held_back(self) -> bool:
        """Whether one of them ran much faster than most: then most were held back unseen.

        What is lasting goes through all that a host does to its guests, and averages it.
        """
        if self.task.lasting:
            return False
        modes = part(self.calm())
        fastest = max(self.calm()) if self.task.work else min(self.calm())
        return modes.apart > 1 and fastest not in modes.main


class Reader(Protocol):
    """Reads what disturbs a round; `watch.Watch` is the real one."""

    def read(self) -> Reading:
        """Take one reading."""
        ...

    def slowed(self, device: str) -> str | None:
        """Say what slowed an accelerator down since this was last asked of it."""
        ...


class Observer(Protocol):
    """Hears of the run: every visit, every task that is finished, every figure that is missed."""

    def visited(self, series: Series, limits: Limits) -> None:
        """Hear that a task was timed once more."""
        ...

    def finished(self, series: Series) -> None:
        """Hear that a task has all its rounds."""
        ...

    def missed(self, gap: Gap) -> None:
        """Hear that a task will have no figure, and why."""
        ...
