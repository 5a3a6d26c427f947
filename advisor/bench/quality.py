"""Judges a round by what went on around it: valid, suspect or invalid, and the cause in words."""

from collections.abc import Sequence

import msgspec

from advisor.bench.task import Sample
from advisor.bench.watch import TICK_SECONDS, Reading
from advisor.measurement import Quality

# One busy process on two cores turned 20 ms of matmul into seconds, and 2 % of background work
# could not be seen in the spread of five quiet runs; the line is drawn between them.
FOREIGN_SHARE = 0.05
STEAL_SHARE = 0.05
# Tick counters are off by up to a tick a CPU at both ends of a window.
_TICKS_OFF = 2
# Half an interval wider than this tells nothing that a reader could act on.
INVALID_WIDTH = 0.5


class Disturbance(msgspec.Struct, frozen=True, kw_only=True):
    """What was amiss during one round; shares are of all the processor time at hand.

    ``waited`` and ``stolen`` are of the visit to one task: how long a thread waited for a
    processor, and how much of one a hypervisor took.
    """

    foreign: float = 0.0
    steal: float = 0.0
    throttles: int = 0
    quota_stops: int = 0
    battery: bool = False
    saver: bool = False
    waited: float = 0.0
    stolen: float = 0.0
    other: str | None = None

    @property
    def any(self) -> bool:
        """Whether the round is better set aside."""
        return bool(causes([self]))

    @property
    def only_waited(self) -> bool:
        """Whether a thread waited for a processor, and nothing else was amiss."""
        return self.any and not msgspec.structs.replace(self, waited=0.0).any


def between(before: Reading, after: Reading, worker_seconds: float) -> Disturbance:
    """Compare the readings around a round, in which our worker used some processor time."""
    room = max(after.wall - before.wall, 1e-9) * max(after.cpus, 1)
    slack = _TICKS_OFF * TICK_SECONDS * max(after.cpus, 1)
    own = after.own - before.own + worker_seconds
    foreign = _grown(before.busy, after.busy) - own - slack
    return Disturbance(
        foreign=max(foreign, 0.0) / room,
        steal=max(_grown(before.steal, after.steal) - slack, 0.0) / room,
        throttles=int(_grown(before.throttles, after.throttles)),
        quota_stops=int(_grown(before.quota_stops, after.quota_stops)),
        battery=bool(after.battery),
        saver=after.saver in {"low-power", "quiet"},
    )


def strain(disturbance: Disturbance, visits: Sequence[Sample]) -> Disturbance:
    """Add what the visits to one task suffered, if none of them was calm."""
    if not visits or not all(visit.strained for visit in visits):
        return disturbance
    worst = max(visits, key=lambda visit: visit.waited + visit.stolen)
    took = max(worst.took, 1e-9)
    return msgspec.structs.replace(
        disturbance,
        waited=min(worst.waited / took, 1.0),
        stolen=min(worst.stolen / took, 1.0),
    )


def _grown(before: float | None, after: float | None) -> float:
    return after - before if before is not None and after is not None else 0.0


def causes(rounds: Sequence[Disturbance]) -> tuple[str, ...]:
    """Say in words what disturbed these rounds, worst first; empty if nothing did."""
    if not rounds:
        return ()
    foreign = sum(r.foreign for r in rounds) / len(rounds)
    steal = sum(r.steal for r in rounds) / len(rounds)
    waited, stolen = max(r.waited for r in rounds), max(r.stolen for r in rounds)
    throttles = sum(r.throttles for r in rounds)
    stops = sum(r.quota_stops for r in rounds)
    found = (
        (foreign > FOREIGN_SHARE, f"other processes took {foreign:.0%} of the processors"),
        (steal > STEAL_SHARE, f"the hypervisor took {steal:.0%} of the processors (steal time)"),
        (
            waited > 0 and foreign <= FOREIGN_SHARE,
            f"a thread waited {waited:.0%} of the time for a processor that others had",
        ),
        (
            stolen > 0 and steal <= STEAL_SHARE,
            f"the hypervisor took {stolen:.0%} of a processor at times (steal time)",
        ),
        (throttles > 0, "the processor throttled for heat"),
        (stops > 0, f"the cgroup's CPU quota stopped this process {stops} times"),
        (any(r.battery for r in rounds), "running on battery"),
        (any(r.saver for r in rounds), "the power profile saves power"),
    )
    others = dict.fromkeys(r.other for r in rounds if r.other)
    return (*(words for true, words in found if true), *others)


def judge(width: float, reasons: Sequence[str]) -> tuple[Quality, str | None]:
    """Return the quality of an interval of this half width (a share), given reasons to doubt."""
    if width > INVALID_WIDTH:
        spread = f"rounds differ so much that the figure is ±{width:.0%}"
        return Quality.INVALID, "; ".join([spread, *reasons])
    if reasons:
        return Quality.SUSPECT, "; ".join(reasons)
    return Quality.VALID, None
