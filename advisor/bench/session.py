"""One run of the benchmarks: look, plan, time in two stages, and hand on each figure at once."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from statistics import median
from types import ModuleType

import msgspec

from advisor.bench.cards import Cards, Look
from advisor.bench.child import Child
from advisor.bench.choice import chosen_of
from advisor.bench.clock import Clock
from advisor.bench.figures import Beside, figure, spread, standing, utc
from advisor.bench.floors import floor, moves
from advisor.bench.messages import Start, Survey
from advisor.bench.passes import Passes, count
from advisor.bench.schedule import Schedule
from advisor.bench.series import Limits, Reader, Series
from advisor.bench.shares import again_seconds, headline_seconds
from advisor.bench.site import survey_site
from advisor.bench.task import Condition, Progress, Site, Stand, Task
from advisor.bench.threads import Threads, choose
from advisor.bench.twins import doubted, slower
from advisor.bench.wash import wash_bytes
from advisor.bench.watch import Watch
from advisor.machine import Gap, Machine
from advisor.measurement import Measurement

Seen = Callable[[str], Mapping[str, Condition]]
INSTALL = "pip install 'mlinfra-advisor[bench]'"
# Faulting memory in may take this share of the time; arrays are smaller, and doubted, if it is not
# enough (a guest that gives free pages back to its host took 8 s for 6 GB).
_SETUP_SHARE = 0.4
# Half widths at which a headline figure, or a point of a surface, is steady enough.
_STEADY = 0.03
_ROUGH = 0.3
# More rounds sharpen the spread, not the interval for another run: from 15 to 60 rounds it narrows
# by 9 % (Student's t and √(1+1/k)).
_ENOUGH_ROUNDS = 60
# Headline figures are spread over seconds, so that what a host does to its guest averages out.
_WANTED_ROUNDS = 10
_SPAN_SECONDS = 6.0
# Rounds in which the best of a surface are told apart.
_AGAIN = 7
# Points of surfaces err apart, as the ops of one network do: so many rounds tell enough of each,
# and where they differ there are more while there is time.
_FEW_ROUNDS = 3
# The spreads of so many tasks tell a usual one.
_MANY = 10


class Outcome(msgspec.Struct, frozen=True):
    """What a run gave: figures, and a gap for each that is not there."""

    measurements: tuple[Measurement, ...]
    gaps: tuple[Gap, ...]


def run(  # noqa: PLR0913 - the room's one door: each is a choice of the caller's
    machine: Machine,
    *,
    names: tuple[str, ...] | None,
    seconds: float,
    clock: Clock,
    report: Callable[[Progress], None],
    keep: Callable[[Measurement], None],
    thorough: bool = False,
    busy_too: bool = False,
    look: Look = lambda: (),
    earlier: Sequence[Measurement] = (),
) -> Outcome:
    """Time the named benchmarks (all if None) within the given seconds.

    ``keep`` is called as soon as a figure stands; an interrupt passes through after the worker and
    its files are gone. ``busy_too`` times accelerators that others use as well; ``look`` shows how
    they are, and is called now and then; ``earlier`` runs of this hardware and software tell how
    much runs differ, and whether this one is slower throughout.
    """
    chosen, begun, threads = chosen_of(names), clock.now(), choose(machine)
    limits = {"setup_seconds": seconds * _SETUP_SHARE, "seconds": seconds}
    start = msgspec.structs.replace(start_of(machine, threads), **limits)
    child = Child(start, pin=threads.pin)
    child.stood_still = clock.skip
    cards = Cards(look)
    try:
        survey = child.survey()
        site, gaps = survey_site(machine, survey, threads, busy_too=busy_too)
        cards.start(needed=len(site.places) > 1)
        session = Session(child, clock, Watch(clock, cards=cards), site, Listeners(report, keep))
        session.seen, session.renew = cards.conditions, child.close
        session.common = _conditions(survey, threads)
        session.asked, session.earlier = seconds, earlier
        session.gaps = [*gaps, *_without_torch(survey, chosen)]
        session.run(chosen.values(), seconds - (clock.now() - begun), thorough=thorough)
    finally:
        cards.stop()
        child.close()
    return Outcome(tuple(session.measurements), tuple(session.gaps))


def start_of(machine: Machine, threads: Threads) -> Start:
    """Return what a worker is told of the machine that it times."""
    folder = machine.disks[0].path if machine.disks else "."
    return Start(threads.count, folder, wash_bytes=wash_bytes(machine))


def _without_torch(survey: Survey, chosen: Mapping[str, ModuleType]) -> list[Gap]:
    if survey.torch:
        return []
    why = f"torch cannot be imported: {survey.why}"
    return [Gap(f"measurements.{n}", why, INSTALL) for n, m in chosen.items() if m.TORCH]


def _conditions(survey: Survey, threads: Threads) -> dict[str, Condition]:
    return {
        "threads": threads.count,
        "threads_from": threads.why,
        "pinned": threads.pin,
        "allocator": survey.allocator,
        "torch": survey.torch,
    }


def _best(plugin: ModuleType, site: Site, found: Sequence[Measurement]) -> Iterable[Task]:
    """Plan what a plug-in wants timed again, if it does."""
    return plugin.again(site, found) if hasattr(plugin, "again") else ()


class Listeners(msgspec.Struct, frozen=True):
    """Who hears of progress, and who keeps each figure the moment it stands."""

    report: Callable[[Progress], None]
    keep: Callable[[Measurement], None]


class Session:
    """Two stages of rounds over what the plug-ins plan, told to those who listen."""

    def __init__(
        self,
        stand: Stand,
        clock: Clock,
        reader: Reader,
        site: Site,
        listeners: Listeners,
    ) -> None:
        """Keep the parts; ``stand`` times, ``reader`` sees what disturbs."""
        self.seen: Seen = lambda _device: {}
        self.measurements: list[Measurement] = []
        self.gaps: list[Gap] = []
        self.common: Mapping[str, Condition] = {}
        self.earlier: Sequence[Measurement] = ()
        self.asked: float | None = None
        self.renew: Callable[[], None] = lambda: None
        self._passes: Passes | None = None
        self._lasting: Sequence[Series] = ()
        self._put_off: Sequence[Task] = ()
        self._stand = stand
        self._clock = clock
        self._site = site
        self._listeners = listeners
        self._reader = reader
        self._limits = Limits(seconds=0)
        self._spreads: list[float] = []

    def run(self, plugins: Collection[ModuleType], seconds: float, *, thorough: bool) -> None:
        """Time the surfaces, the best of them again, then the headline figures built on them."""
        begun = self._clock.now()
        surface = [item for plugin in plugins for item in plugin.tasks(self._site)]
        width = _STEADY if thorough else _ROUGH
        again = again_seconds(seconds)
        accelerated = any(place.events for place in self._site.places)
        kept = headline_seconds(seconds, accelerated=accelerated, thorough=thorough)
        share = seconds - again - kept
        limits = Limits(seconds=share, asked=self.asked, width=width, least=_FEW_ROUNDS)
        self._stage(surface, limits, last=False)
        if again:
            self._again(plugins, again)
        found = tuple(self.measurements)
        headline = [item for plugin in plugins for item in plugin.headline(self._site, found)]
        left = seconds - (self._clock.now() - begun)
        limits = Limits(
            seconds=left,
            asked=self.asked,
            width=_STEADY,
            most=_ENOUGH_ROUNDS,
            wanted=_WANTED_ROUNDS,
            span=_SPAN_SECONDS,
        )
        if thorough and count(left) > 1:
            self._repeat(headline, limits, count(left))
        else:
            self._stage(headline, limits)

    def _repeat(self, items: Collection[Task | Gap], limits: Limits, processes: int) -> None:
        """Time the same in one fresh process after another; an interrupt leaves what stands."""
        until = self._clock.now() + limits.seconds
        self._passes = Passes()
        try:
            for left in range(processes, 0, -1):
                seconds = (until - self._clock.now()) / left
                self._stage(items, msgspec.structs.replace(limits, seconds=seconds), last=left == 1)
                if left > 1:
                    self.renew()
        finally:
            passes, self._passes = self._passes, None
            self.gaps = passes.missing(self.gaps)
            for measurement in passes.figures():
                self._keep(measurement)

    def _again(self, plugins: Collection[ModuleType], seconds: float) -> None:
        """Time what is near the best of a surface in rounds of its own.

        The maximum of many noisy figures is often only the luckiest.
        """
        near = [item for plugin in plugins for item in _best(plugin, self._site, self.measurements)]
        limits = Limits(seconds=seconds, asked=self.asked, width=_STEADY, least=_FEW_ROUNDS)
        self._stage(near, msgspec.structs.replace(limits, wanted=_AGAIN, most=_AGAIN), last=False)

    def time(self, tasks: Collection[Task | Gap], seconds: float) -> None:
        """Time given tasks, no longer than it takes for a figure to stand."""
        self._stage(tasks, Limits(seconds=seconds, width=_ROUGH, least=_FEW_ROUNDS))

    def _stage(self, items: Collection[Task | Gap], limits: Limits, *, last: bool = True) -> None:
        self._limits = limits
        self.gaps.extend(item for item in items if isinstance(item, Gap))
        tasks = [*self._put_off, *(self._floored(item) for item in items if isinstance(item, Task))]
        lasting, self._lasting = self._lasting, ()
        schedule = Schedule(self._stand, self._clock, self._reader, self, limits)
        schedule.run(tasks, lasting, last=last)
        self._lasting, self._put_off = schedule.lasting, schedule.put_off

    def _floored(self, task: Task) -> Task:
        return msgspec.structs.replace(task, floor=floor(task, virtual=self._site.virtual))

    def visited(self, series: Series, limits: Limits) -> None:
        """Report how far a task is, and its figure as it stands."""
        summary = standing(series, limits)
        self._listeners.report(
            Progress(
                name=series.task.name,
                device=series.task.device,
                dtype=series.task.dtype,
                fraction=min(len(series.medians) / limits.least, 1.0),
                value=summary.value if summary else None,
                low=summary.low if summary else None,
                high=summary.high if summary else None,
                unit=series.task.unit,
            )
        )

    def finished(self, series: Series) -> None:
        """Hand a figure on the moment it stands."""
        common = {**self.common, **self.seen(series.task.fate)}
        measurement = figure(series, self._limits, common, utc(), self._beside(series))
        if self._passes is None:
            self._keep(measurement)
        else:
            self._passes.add(series.task, measurement)

    def _beside(self, series: Series) -> Beside:
        """Return what tells how much a figure differs; points of a surface have few rounds."""
        if self._limits.least > _FEW_ROUNDS or series.task.lasting:
            return Beside(self.earlier)
        self._spreads.append(spread(series))
        usual = median(self._spreads) if len(self._spreads) >= _MANY else 0.0
        seconds = series.task.value(median(series.medians))  # of work a second, and back
        site = self._site
        moved = moves(series.task, seconds, virtual=site.virtual, threads=site.threads)
        return Beside(self.earlier, usual, moved)

    def _keep(self, measurement: Measurement) -> None:
        measurement = slower(doubted(measurement, self.measurements), self.earlier)
        self.measurements.append(measurement)
        self._listeners.keep(measurement)
        self._listeners.report(_stands(measurement))

    def missed(self, gap: Gap) -> None:
        """Note what has no figure."""
        self.gaps.append(gap)


def _stands(found: Measurement) -> Progress:
    return Progress(
        name=found.name,
        device=found.device,
        dtype=found.dtype,
        fraction=1.0,
        value=found.value,
        low=found.low,
        high=found.high,
        unit=found.unit,
        quality=str(found.quality),
    )
