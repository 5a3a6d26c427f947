"""Operator replay: the ops of one network timed on this machine, in the shapes they have there."""

from collections.abc import Callable, Iterable

from advisor.bench.child import Child
from advisor.bench.clock import Clock
from advisor.bench.micro import ops as micro
from advisor.bench.session import Listeners, Outcome, Session, start_of
from advisor.bench.site import survey_site
from advisor.bench.task import Progress
from advisor.bench.threads import choose
from advisor.bench.watch import Watch
from advisor.machine import Machine
from advisor.measurement import Measurement
from advisor.operation import Op

Wanted = Iterable[tuple[Op, bool]]


def replay(  # noqa: PLR0913 - a door of the room: each is a choice of the caller's
    machine: Machine,
    wanted: Wanted,
    *,
    place: str,
    dtype: str,
    seconds: float,
    clock: Clock,
    keep: Callable[[Measurement], None],
    report: Callable[[Progress], None] = lambda _: None,
) -> Outcome:
    """Time ops (in their full shapes, forward or backward) in one place, interleaved.

    What does not fit in the seconds is a gap; the surface stands in for it.
    """
    threads = choose(machine)
    child = Child(start_of(machine, threads), pin=threads.pin)
    child.stood_still = clock.skip
    try:
        survey = child.survey()
        site, gaps = survey_site(machine, survey, threads, busy_too=False)
        found = next((one for one in site.places if one.device == place), None)
        session = Session(child, clock, Watch(clock), site, Listeners(report, keep))
        session.gaps = gaps
        if found is not None and survey.torch:
            tasks = [micro.task_of(op, found, dtype, backward=back) for op, back in wanted]
            session.time(tasks, seconds)
    finally:
        child.close()
    return Outcome(tuple(session.measurements), tuple(session.gaps))
