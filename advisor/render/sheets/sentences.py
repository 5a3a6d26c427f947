"""The answer of each phase in a sentence, in the words of those who asked."""

from collections.abc import Mapping

from advisor.estimate import Interval, timed_here
from advisor.render.text import times
from advisor.report import Answer, PlanLine, Recommendation
from advisor.units import show
from advisor.workload import taking

VERBS = {
    "training": "Train",
    "fit": "Fit",
    "inference": "Infer",
    "prefill": "Read prompts",
    "decode": "Write answers",
}


def sentences(report: Recommendation) -> list[str]:
    """Answer each phase in a sentence: where, how long or how fast, and what the CPU would take."""
    told = []
    for phase, answer in report.plans.items():
        plan = answer.chosen
        if plan is not None:
            told.append(f"{VERBS.get(phase, phase)} on {place(plan)}: {_takes(answer, plan)}.")
        told += _mended(answer)
    return told + _passed_over(report)


def _mended(answer: Answer) -> list[str]:
    """Say what the best plan would do that only waits for a free fix."""
    if answer.mended is None:
        return []
    lost = answer.mended
    source = "" if timed_here(lost.plan.basis) else " (from published figures)"
    return [f"Once mended [{lost.rule}]: {_amount(lost.plan)} on {place(lost.plan)}{source}."]


def _amount(plan: PlanLine) -> str:
    """Say how long the job takes, or how fast it goes."""
    if plan.job_seconds:
        return show(plan.job_seconds.likely, "s", 2)
    return show(plan.throughput.likely, plan.throughput.unit, 2) if plan.throughput else "unknown"


def _passed_over(report: Recommendation) -> list[str]:
    """Name the places that were not compared, for nothing is known of them; each place once."""
    unknown = [plan for answer in report.plans.values() for plan in answer.unpredicted]
    by_place = {plan.place: plan for plan in reversed(unknown)}
    return [_unknown(plan) for plan in by_place.values()]


def _unknown(plan: PlanLine) -> str:
    why = f": {plan.unpredicted}" if plan.unpredicted else ""
    settle = f"; run `{plan.settles}`" if plan.settles else ""
    return f"{plan.place} could not be predicted, and is not compared{why}{settle}."


def _takes(answer: Answer, plan: PlanLine) -> str:
    on_cpu = next((p for p in answer.places if p.place == "cpu" != plan.place), None)
    if plan.job and plan.job_seconds:
        beside = on_cpu.job_seconds if on_cpu else None
        there = f" here, {show(beside.likely, 's', 2)} on the CPU" if beside else ""
        saved = _saved(answer, plan)
        return f"{taking(plan.job)} {show(plan.job_seconds.likely, 's', 2)}{there}{saved}"
    if plan.throughput is None:
        return "how fast is not known"
    if plan.throughput.unit == "jobs/s" and plan.seconds_range:
        return f"{show(plan.seconds_range.likely, 's', 2)} for the whole job"
    beside = on_cpu.throughput if on_cpu else None
    there = f", {show(beside.likely, beside.unit, 2)} on the CPU" if beside else ""
    return f"{show(plan.throughput.likely, plan.throughput.unit, 2)}{there}"


def _saved(answer: Answer, plan: PlanLine) -> str:
    """Say what several GPUs save over one of them."""
    if answer.one_more and plan.job_seconds:
        return _would_save(answer.one_more.likely, plan.job_seconds.likely)
    first, *more = plan.place.split("+")
    one = next((p for p in answer.places if more and p.place == first), None)
    if one is None or one.job_seconds is None or plan.job_seconds is None:
        return ""
    saved = one.job_seconds.likely - plan.job_seconds.likely
    which = "the second GPU saves" if len(more) == 1 else f"{len(more)} more GPUs save"
    return f"; {which} {show(saved, 's', 2)} a run" if saved > 0 else ""


# Less than an hour a run is no reason to buy a GPU.
_WORTH_SAYING = 3600.0


def _would_save(gain: float, seconds: float) -> str:
    """Say what one more GPU would save of a job."""
    saved = seconds * (1 - 1 / gain)
    if saved < _WORTH_SAYING:
        return ""
    return f"; a second GPU would save {show(saved, 's', 2)} a run"


def predicted(gains: Mapping[str, Interval | None]) -> str:
    """Say what a repair would gain each phase; nothing where no gain was asked for."""
    told = [f"{phase} {_faster(gain)}" for phase, gain in gains.items() if gain]
    unknown = [phase for phase, gain in gains.items() if gain is None]
    said = [f"Predicted once mended: {', '.join(told)}."] if told else []
    if unknown:
        said.append(
            f"What it gains for {' and '.join(unknown)} is not known: it was not timed here."
        )
    return " ".join(said)


# Below a hundredth nobody sees a gain.
_SEEN = 1.01


def _faster(gain: Interval) -> str:
    return f"{times(gain)} as fast" if gain.high >= _SEEN else "no faster"


def place(plan: PlanLine) -> str:
    """Name where and how a plan runs."""
    where = f"{plan.place} ({plan.device})" if plan.device else plan.place
    if plan.throughput and plan.throughput.unit == "jobs/s":
        return where  # trees know neither precision nor batch
    return f"{where} in {', '.join((plan.dtype, f'batch {plan.batch}', *plan.settings))}"
