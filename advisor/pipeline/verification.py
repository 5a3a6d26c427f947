"""The plans that `recommend` chooses, run for some seconds beside what was predicted of them."""

from collections.abc import Callable

import msgspec

from advisor import __version__, predict
from advisor.errors import AdvisorError
from advisor.estimate import Plan, Verified
from advisor.machine import Gap
from advisor.pipeline.answer import digest
from advisor.pipeline.exhaustive import Search, searched
from advisor.pipeline.folders import layered
from advisor.pipeline.graphs import workload_of
from advisor.pipeline.look import probe
from advisor.pipeline.recommend import Question, constants, recommend
from advisor.pipeline.untimed import untimed
from advisor.pipeline.verify import verify
from advisor.profile import Profile
from advisor.report import Recommendation
from advisor.verified import VerifyLine, VerifyReport
from advisor.workload import Workload


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """How to try: in which precision and batch (the recommended ones where None), how long.

    ``fresh`` predicts without what was run before; ``exhaustive`` are seconds to search for the
    best setting in, none where None.
    """

    precision: str | None = None
    batch: int | None = None
    seconds: float = 5.0
    replay: bool = True
    fresh: bool = False
    exhaustive: float | None = None


def verification(question: Question, trial: Trial, measure: Callable[[], Profile]) -> VerifyReport:
    """Recommend, run the chosen plans, and lay predicted beside measured.

    Raises:
        AdvisorError: the workload has no reference network that could be run.
    """
    workload = _runnable(question)
    # What `recommend` would choose, which times operators to choose by; a plan is given by two.
    replays = trial.replay and not (trial.precision and trial.batch)
    asked = msgspec.structs.replace(question, replay=replays)
    profile, chosen, gaps = _advised(workload, asked, measure)
    if trial.fresh:
        rows = tuple(m for m in profile.measurements if m.name != predict.RUN)
        profile = msgspec.structs.replace(profile, measurements=rows)
    known, plans = constants(question.rules), [_wanted(plan, trial) for plan in chosen]
    lines, not_run = verify(
        workload, profile, known, plans,
        seconds=trial.seconds, replay=trial.replay, look=question.look,
    )  # fmt: skip
    report = VerifyReport(
        tool=__version__,
        profile=digest(profile),
        taken=profile.taken,
        workload=workload.name,
        title=workload.title,
        lines=tuple(_line(line) for line in lines),
        gaps=(*gaps, *not_run),
    )
    if trial.exhaustive is None:
        return report
    search = Search(workload, profile, known, trial.seconds, trial.exhaustive, question.look)
    return searched(report, search, plans)


def _runnable(question: Question) -> Workload:
    """Read the workload: a named one, or the user's own function."""
    folders = layered(question.rules)
    form = "model" if ":" in question.workload else "name"
    workload = workload_of({form: question.workload}, folders)
    if workload.graph is None and workload.llm is None:
        raise AdvisorError(
            f"verify {workload.name}",
            "it has no reference network to run",
            remedy="name a network such as cnn; `mlinfra bench trees` times trees",
        )
    return workload


def _advised(
    workload: Workload, question: Question, measure: Callable[[], Profile]
) -> tuple[Profile, list[Plan], list[Gap]]:
    """Return the recommended plan of each phase; of a user's function, the best that fits."""
    if ":" not in workload.name:
        advice = recommend(question, measure)
        return probe(question.look), _plans(advice), _undecided(advice)
    profile = probe(question.look)
    profile = measure() if untimed(profile) else profile
    listed = predict.plans(workload, profile, constants(question.rules))
    best = {e.plan.phase: e.plan for e in reversed(listed) if e.throughput}
    wanted = [best[phase] for phase in question.phases if phase in best]
    return profile, wanted, []


def _plans(advice: Recommendation) -> list[Plan]:
    return [
        Plan(
            phase=p,
            place=a.chosen.place,
            dtype=a.chosen.dtype,
            batch=a.chosen.batch,
            compiled=a.chosen.compiled,
        )
        for p, a in advice.plans.items()
        if a.chosen
    ]


def _wanted(plan: Plan, trial: Trial) -> Plan:
    """Return a plan with what the user chose in place of what was recommended."""
    dtype, batch = trial.precision or plan.dtype, trial.batch or plan.batch
    return msgspec.structs.replace(plan, dtype=dtype, batch=batch)


def _undecided(advice: Recommendation) -> list[Gap]:
    """Say of each phase that has no plan why there is nothing to run."""
    return [
        Gap(f"verify.{phase}", answer.why_none or "no plan was chosen", "mlinfra bench")
        for phase, answer in advice.plans.items()
        if not answer.chosen
    ]


def _line(found: Verified) -> VerifyLine:
    return VerifyLine(
        phase=found.plan.phase,
        place=found.plan.place,
        dtype=found.plan.dtype,
        batch=found.plan.batch,
        seconds=found.seconds,
        measured_seconds=found.measured_seconds,
        ratio=found.ratio,
        held=found.held,
        memory_bytes=found.memory_bytes,
        measured_memory_bytes=found.measured_memory_bytes,
        memory_ratio=found.memory_ratio,
        passes=found.passes,
        replayed=found.replayed,
        calibration=found.calibration,
    )
