"""Times tasks in interleaved rounds until they are steady or the time is over."""

import math
from collections.abc import Sequence
from itertools import count

import msgspec

from advisor.bench.calibration import calibrated
from advisor.bench.clock import Clock
from advisor.bench.order import dealt, shuffle, thinned
from advisor.bench.quality import between
from advisor.bench.series import Limits, Observer, Reader, Series, too_late
from advisor.bench.statistics import summarize
from advisor.bench.task import Sample, Stand, Task, TaskError
from advisor.bench.visits import Visits

# Rounds that were begun are completed beyond the limit by this share of it, so that figures stand.
_OVERTIME = 0.10
# The kernel's counters tick each 10 ms: a shorter round could not be told from a disturbed one.
_ROUND_SECONDS = 0.1
# So much of the time is left to second looks, to what is not steady after the least rounds, and to
# hiccups: rounds take a tenth longer than the medians of their visits (seen on a quiet guest).
_SPARE_SHARE = 0.10
# In a stage shorter than this a visit takes one sample.
_SHORT_SECONDS = 4.0
# A shape is left out unseen if the best rate so far makes it this much too slow.
_FAR_TOO_LARGE = 1.5
# The core has the larger of this share of the time and these seconds; what would go beyond waits
# with the rest, so that a slow machine has points of every surface as well.
_CORE_SHARE = 0.5
_CORE_SECONDS = 4.0
# A round that takes this much longer than planned goes on with the core alone.
_FAR_TOO_LONG = 3.0
# What is lasting is looked at so often in the last stage, however short.
_LOOKS = 16
# Looks that take long leave the others twice their own time, or these would have no rounds.
_LOOKS_APART = 2.0


class Schedule:
    """One run of rounds over some tasks."""

    def __init__(
        self, stand: Stand, clock: Clock, reader: Reader, observer: Observer, limits: Limits
    ) -> None:
        """Keep the parts; the time limit starts to run now."""
        self._visits = Visits(stand, clock, limits.seconds, _OVERTIME)
        self._clock = clock
        self._reader = reader
        self._observer = observer
        self._limits = limits
        self._start = clock.now()
        self._active: list[Series] = []
        self.lasting, self.put_off = list[Series](), list[Task]()
        self._late: dict[str, list[Task]] = {}
        self._lost: dict[str, TaskError] = {}
        self._rates: dict[str, float] = {}
        self._over, self._last = "the time was over", True

    def run(
        self, tasks: Sequence[Task], lasting: Sequence[Series] = (), *, last: bool = True
    ) -> None:
        """Time all tasks that fit; whatever stands is finished even when interrupted.

        What is lasting comes from the stage before, and is left for the next but in the ``last``.
        """
        self._active, self._last = list(lasting), last
        try:
            self._admit_all(tasks)
            self._hold()
            for number in count():
                self._shed(self._limits.least - number)
                if not self._goes_on(number) or not self._time_for_a_round(number):
                    break
                self._round(number)
                if number + 1 >= self._limits.wanted:
                    self._finish_steady()
        except BaseException:
            self._over, self._last = "interrupted", True
            raise
        finally:
            self._finish_rest()

    def _admit_all(self, tasks: Sequence[Task]) -> None:
        """Admit the core, then the rest of every surface in turn, as far as the time goes."""
        core = max(self._limits.seconds * _CORE_SHARE, _CORE_SECONDS)
        waiting = []
        for task in dealt(tasks):
            if task.core and self._spent() + self._cost() * self._limits.least < core:
                self._admit(task)
            else:
                waiting.append(task)
        for task in thinned(waiting):
            self._admit(task)

    def _spent(self) -> float:
        return self._clock.now() - self._start

    def _room(self) -> float:
        """Return the seconds that are left when all admitted tasks have had their rounds."""
        committed = self._cost() * self._limits.least
        return self._limits.seconds * (1 - _SPARE_SHARE) - self._spent() - committed

    def _cost(self) -> float:
        """Return the seconds that a round takes, with what is looked at in between."""
        others = sum(series.cost for series in self._active if not series.task.lasting)
        return others * (1 + sum(series.share for series in self._active))

    def _goes_on(self, number: int) -> bool:
        """Whether there is anything to time; in the end what is lasting is filled up."""
        rounds = {one.task.lasting: len(one.medians) for one in self._active}
        filling = self._last and rounds.get(True, self._limits.wanted) < self._limits.wanted
        return filling or (False in rounds and number < self._limits.most)

    def _time_for_a_round(self, number: int) -> bool:
        if number < self._limits.least:  # what was begun is ended, if need be in part
            return min(series.cost for series in self._active) < self._visits.left()
        cost = self._cost() or sum(series.cost for series in self._active)
        return self._spent() + max(cost, _ROUND_SECONDS) <= self._limits.seconds

    def _shed(self, rounds: int) -> None:
        """Give up what came in last, if all that was admitted will not get its rounds in time.

        The core stays: what little it gets tells more than what would take its place.
        """
        while rounds > 0 and self._cost() * rounds > self._visits.left():
            loose = [series for series in self._active if not series.task.core]
            if not loose:
                break
            last = max(loose, key=lambda series: series.turn)
            self._active.remove(last)
            self._finish(last)

    def _admit(self, task: Task) -> None:
        """Find how many calls make a batch, and leave out what would not fit in the time."""
        if task.fate in self._lost:
            self._observer.missed(self._lost[task.fate].gap(task))
        elif self._room() <= task.setup_seconds:
            self._put_off(task)
        elif not self._too_large(task):
            try:
                series = self._calibrate(task)
            except TaskError as failure:
                self._fail(task, failure)
                return
            if task.work / series.expected > task.most_seconds and self._smaller(task):
                return
            if series.cost * self._limits.least > self._room():
                self._put_off(task)
            else:
                self._active.append(series)

    def _put_off(self, task: Task) -> None:
        """Note that there is no time for a task, in this stage or at all."""
        if task.lasting and not self._last:
            self.put_off.append(task)
        else:
            self._late.setdefault(task.label, []).append(task)

    def _too_large(self, task: Task) -> bool:
        """Whether even the best rate of its surface says that a shape takes too long."""
        best = self._rates.get(task.label, math.inf)
        return task.work > best * _FAR_TOO_LARGE * task.most_seconds and self._smaller(task)

    def _smaller(self, task: Task) -> bool:
        """Whether something of its surface is timed: else any shape is better than none."""
        return any(series.task.label == task.label for series in self._active)

    def _calibrate(self, task: Task) -> Series:
        best = self._rates.get(task.label, math.inf)
        short = self._limits.seconds < _SHORT_SECONDS
        series = calibrated(self._visits, task, best, short=short)
        if task.work:
            self._rates[task.label] = max(series.expected, self._rates.get(task.label, 0.0))
        series.turn = len(self._active)
        return series

    def _hold(self) -> None:
        """Keep each device that asks for it under load until its clocks are what they will be."""
        held: set[str] = set()
        for series in self._active:
            task = series.task
            until = self._clock.now() + task.hold_seconds
            while task.device not in held and self._clock.now() < until:
                self._try(series, {})
                if series not in self._active:
                    return  # what is lost is told of; the rest goes on without a hold
            held |= {task.device} if task.hold_seconds else set()

    def _round(self, number: int) -> None:
        """Visit every task once, or more often where a round would be too short to watch."""
        before, started = self._reader.read(), self._clock.now()
        self._visits.worker_seconds = 0.0
        visits: dict[str, list[Sample]] = {}
        latest = started + _FAR_TOO_LONG * max(self._cost(), _ROUND_SECONDS)
        shuffle(self._active, number)
        while self._clock.now() - started < _ROUND_SECONDS:
            able = [series for series in self._active if self._has_time(series, latest)]
            lasting = [series for series in able if series.task.lasting]
            turn = [series for series in able if series not in lasting] or lasting
            for series in turn:
                for one in (*self._due(lasting), series):
                    if self._has_time(one, latest):
                        self._try(one, visits)
            if not turn:
                break
        disturbance = between(before, self._reader.read(), self._visits.worker_seconds)
        slowed = {fate: self._reader.slowed(fate) for fate in {s.task.fate for s in self._active}}
        for series in self._active:
            if series.task.key in visits:  # else the time was over before its turn
                other = slowed[series.task.fate]
                mine = msgspec.structs.replace(disturbance, other=other) if other else disturbance
                series.hear(visits[series.task.key], mine, self._clock.now())
                self._observer.visited(series, self._limits)

    def _due(self, lasting: Sequence[Series]) -> list[Series]:
        """Return those that were not looked at for a while."""
        most = self._limits.seconds / (_LOOKS if self._last else 1)
        return [
            one
            for one in lasting
            if self._visits.since(one.task) > min(one.every, max(most, _LOOKS_APART * one.cost))
        ]

    def _has_time(self, series: Series, latest: float) -> bool:
        """Whether a visit ends in time, and what is not core begins before a moment."""
        begins = series.task.core or self._clock.now() < latest
        return begins and series.cost < self._visits.left()

    def _try(self, series: Series, visits: dict[str, list[Sample]]) -> None:
        task = series.task
        if task.fate in self._lost:
            return
        try:
            sample = self._visits.calm(task, series.calls, task.samples)
            if len(sample.seconds) == 1 and series.unusual(sample):
                sample = self._visits.again(series, sample)
        except TaskError as failure:
            self._fail(task, failure)
        else:
            visits.setdefault(task.key, []).append(sample)

    def _fail(self, task: Task, failure: TaskError) -> None:
        """Keep what stands of a task, or of a whole device, that can be timed no longer."""
        if failure.lost:
            self._lost[task.fate] = failure
        gone = [s for s in self._active if s.task == task or s.task.fate in self._lost]
        self._active = [series for series in self._active if series not in gone]
        for series in gone:
            if not self._stands(series, failure.why):
                self._observer.missed(failure.gap(series.task))
        if not any(series.task == task for series in gone):
            self._observer.missed(failure.gap(task))

    def _finish_steady(self) -> None:
        for series in [one for one in self._active if not one.task.lasting]:
            clean, enough = series.clean(), max(self._limits.width, series.task.floor)
            if len(clean) < self._limits.least or series.span < self._limits.span:
                continue
            if summarize(clean).width <= enough:
                self._active.remove(series)
                self._observer.finished(series)

    def _finish(self, series: Series) -> None:
        """End a task that gets no more rounds."""
        if not self._stands(series, self._over):
            self._put_off(series.task)

    def _stands(self, series: Series, why: str) -> bool:
        """Hand on the figure of the rounds there are, and whether there are enough for one."""
        rounds, wanted = len(series.medians), self._limits.least
        if rounds < min(self._limits.fewest, wanted):
            return False
        if rounds < wanted:
            series.short = f"{rounds} rounds in place of {wanted}: {why}"
        self._observer.finished(series)
        return True

    def _finish_rest(self) -> None:
        for series in self._active:
            if series.task.lasting and not self._last:
                self.lasting.append(series)
            else:
                self._finish(series)
        self._active = []
        for left in self._late.values():
            self._observer.missed(too_late(left, self._limits))
