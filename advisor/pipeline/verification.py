"""The plans that `recommend` chooses, run for some seconds beside what was predicted of them."""

from collections.abc import Callable

import msgspec

from advisor import __version__, book
from advisor.errors import AdvisorError
from advisor.estimate import Plan, Verified
from advisor.machine import Gap
from advisor.pipeline.answer import digest
from advisor.pipeline.folders import layered
from advisor.pipeline.look import probe
from advisor.pipeline.recommend import Question, constants, recommend
from advisor.pipeline.verify import verify
from advisor.profile import Profile
from advisor.report import Recommendation
from advisor.verified import VerifyLine, VerifyReport


class Trial(msgspec.Struct, frozen=True, kw_only=True):
    """How to try: in which precision and batch (the recommended ones where None), how long."""

    precision: str | None = None
    batch: int | None = None
    seconds: float = 5.0
    replay: bool = True


def verification(question: Question, trial: Trial, measure: Callable[[], Profile]) -> VerifyReport:
    """Recommend, run the chosen plans, and lay predicted beside measured.

    Raises:
        AdvisorError: the workload has no reference network that could be run.
    """
    workload = book.workload(question.workload, layered(question.rules))
    if workload.graph is None:
        raise AdvisorError(
            f"verify {workload.name}",
            "it has no reference network to run",
            remedy="name a network such as cnn; `mlinfra bench trees` times trees",
        )
    advice = recommend(question, measure)
    profile = probe(question.look)
    lines, gaps = verify(
        workload,
        profile,
        constants(question.rules),
        _plans(advice, trial),
        seconds=trial.seconds,
        replay=trial.replay,
        look=question.look,
    )
    return VerifyReport(
        tool=__version__,
        profile=digest(profile),
        taken=profile.taken,
        workload=workload.name,
        title=workload.title,
        lines=tuple(_line(line) for line in lines),
        gaps=(*_undecided(advice), *gaps),
    )


def _plans(advice: Recommendation, trial: Trial) -> list[Plan]:
    return [
        Plan(
            phase=phase,
            place=answer.chosen.place,
            dtype=trial.precision or answer.chosen.dtype,
            batch=trial.batch or answer.chosen.batch,
        )
        for phase, answer in advice.plans.items()
        if answer.chosen
    ]


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
    )
