"""Every way to run a workload on one machine, predicted and ranked."""

from collections.abc import Iterator

import msgspec

from advisor.alike import alike
from advisor.constants import Constants
from advisor.estimate import Estimate, Plan
from advisor.machine import gpus
from advisor.operation import Op
from advisor.predict import language, passes
from advisor.predict.feed import supply
from advisor.predict.figures import Figures, measured
from advisor.predict.fixes import settings
from advisor.predict.goals import ranked
from advisor.predict.memory import available
from advisor.predict.op import Clockwork
from advisor.predict.single import Situation, estimate, informed
from advisor.predict.variants import varied
from advisor.profile import Profile
from advisor.workload import Workload

# Formats that the weights of language models are stored in, besides those they are computed in.
QUANTISED = ("int8", "int4")
# Formats that networks are trained and run in; others are measured, but are no plan by themselves.
PRECISIONS = ("fp32", "tf32", "bf16", "fp16")


def plans(
    workload: Workload,
    profile: Profile,
    constants: Constants,
    precision: str | None = None,
) -> tuple[Estimate, ...]:
    """Predict each phase in each place, batch and precision (or the one); best first in a phase.

    One GPU stands for all that are like it. A plan that does not fit in memory comes after all that
    do, one that cannot be predicted last.
    """
    places = [_device(profile, place, constants) for place in _places(profile)]
    devices = [informed(workload, situation) for situation in places]
    found: list[Estimate] = []
    for phase in workload.phases:
        listed = [
            estimate(workload, plan, situation)
            for situation in devices
            for plan in _listed(workload, phase, situation.clockwork.figures, precision)
        ]
        found.extend(ranked(listed, "throughput"))
    return tuple(found)


def predict_plan(
    workload: Workload, plan: Plan, profile: Profile, constants: Constants
) -> Estimate:
    """Predict one plan, whatever its batch and settings; unknown gains count as none."""
    plain = msgspec.structs.replace(plan, compiled=False, checkpointed=False)
    situation = informed(workload, _device(profile, plan.place, constants))
    found = estimate(workload, plain, situation)
    made = varied(workload, found, plan) if found.throughput else None
    return made or msgspec.structs.replace(found, plan=plan)


def operations(workload: Workload, plan: Plan) -> list[tuple[Op, bool]]:
    """Return the ops that a plan runs, in their full shapes; True where it is the backward pass.

    These are what a replay times. Trees have none.
    """
    if workload.llm and plan.phase != "training":
        return [(op, False) for op in language.ops(workload.llm, plan.phase, plan.batch)]
    if workload.trees:
        return []
    graph = passes.network(workload)
    if plan.phase != "training":
        return passes.forward(graph, plan.batch)
    last = passes.updating(passes.learning(workload, graph))
    # Weights are updated in fp32, whatever the rest is computed in.
    steps = [(op, False) for op in last] if plan.dtype == "fp32" else []
    return passes.training(graph, plan.batch) + steps


def _places(profile: Profile) -> list[str]:
    return ["cpu", *(group[0].id for group in alike(gpus(profile.machine), profile))]


def _device(profile: Profile, place: str, constants: Constants) -> Situation:
    figures = measured(profile, place)
    now, idle = available(profile.machine, place)
    clockwork = Clockwork(figures, constants[figures.constants])
    fed, there = supply(profile, place), settings(profile, place)
    return Situation(clockwork, now, idle, fed, settings=there)


def _worthwhile(figures: Figures) -> list[str]:
    """Return the precisions to plan in; fp16 not where bf16, of the same size, is surely faster."""
    dtypes = [dtype for dtype in PRECISIONS if dtype in figures.peaks] or ["fp32"]
    half, brain = figures.peaks.get("fp16"), figures.peaks.get("bf16")
    if half and brain and float(half.high or half.value) < float(brain.low or brain.value):
        dtypes.remove("fp16")
    return dtypes


def _listed(
    workload: Workload, phase: str, figures: Figures, precision: str | None
) -> Iterator[Plan]:
    if workload.trees:
        yield Plan(phase=phase, place=figures.place, dtype="fp32", batch=1)
        return
    served = workload.llm is not None and phase != "training"
    for dtype, weights in _formats(figures, precision, served=served):
        for batch in workload.batches:
            yield Plan(phase=phase, place=figures.place, dtype=dtype, batch=batch, weights=weights)


def _formats(figures: Figures, precision: str | None, *, served: bool) -> Iterator[tuple[str, str]]:
    """List precisions, and the formats of weights that are unpacked to the fastest of them.

    Only language models that are ``served`` have their weights stored in another.
    """
    if precision not in QUANTISED:
        for dtype in [precision] if precision else _worthwhile(figures):
            yield dtype, ""
    if served and precision in {None, *QUANTISED}:
        fastest = max(_worthwhile(figures), key=lambda dtype: _peak(figures, dtype))
        for weights in QUANTISED if precision is None else (precision,):
            yield fastest, weights


def _peak(figures: Figures, dtype: str) -> float:
    """Rate a precision by its peak; tf32 holds weights in 32 bits, so 16 come before it."""
    found = figures.peaks.get(dtype)
    return float(found.value) if found and dtype != "tf32" else 0.0
