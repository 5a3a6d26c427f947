"""What was run here before corrects what is predicted next, the more the more alike both are.

`verify` keeps what each plan took as a measurement, with what was predicted of it. How far the
predictor was off is one more draw from a Gaussian process over plans: plans of one place share
some of their error, those of one workload and phase most of it.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from advisor.estimate import Basis, Plan
from advisor.measurement import Measurement, Quality
from advisor.predict.compare import BATCHES
from advisor.predict.solve import solve

NAME = "verify.step"
# Shares of the variance of ln(measured / predicted) that plans in one place have in common, those
# of one phase besides, and those of one workload in one phase besides; set, not fitted: in 48
# cases on one machine the mean error explained a quarter, a network's own error half.
_PLACE, _PHASE, _WORKLOAD = 0.25, 0.1, 0.65
_OTHER_DTYPE = 0.5
# What two runs of the same plan differ by.
_NOISE = 0.05
# Later outcomes say more of the machine as it is now, and few decide.
_MOST = 24


class Outcome(NamedTuple):
    """A plan that was run: its workload, and ln(measured / predicted) of its seconds."""

    workload: str
    plan: Plan
    error: float


def outcomes(
    rows: Iterable[Measurement],
    place: str,
    workload: str,
    predict: Callable[[Plan], float | None],
) -> list[Outcome]:
    """Read the kept runs of a place; those of ``workload`` are predicted anew, as things are now.

    Runs with settings that a plan does not have (threads of their own, compiled) are left out.
    """
    found = []
    for row in rows:
        told = row.conditions
        usual = not told.get("compile") and not told.get("tried_threads")
        if row.name != NAME or row.device != place or row.quality is Quality.INVALID or not usual:
            continue
        plan = Plan(
            phase=str(told.get("phase")), place=place, dtype=row.dtype or "fp32",
            batch=int(told.get("batch") or 1),
        )  # fmt: skip
        name, stated = str(told.get("workload")), told.get("predicted")
        before = stated if isinstance(stated, float) else None
        predicted = predict(plan) if name == workload else before
        if predicted and predicted > 0:
            found.append(Outcome(name, plan, math.log(row.value / predicted)))
    return found[-_MOST:]


class Calibration(NamedTuple):
    """The factor on predicted seconds, and the deviation of their ln that is left."""

    factor: float
    spread: float
    basis: Basis | None


def calibrated(workload: str, plan: Plan, spread: float, known: Sequence[Outcome]) -> Calibration:
    """Correct the seconds of a plan, a priori right up to ``spread``, by what was run here."""
    if not known:
        return Calibration(1.0, spread, None)
    towards = [_alike(workload, plan, one.workload, one.plan) for one in known]
    between = [[_alike(a.workload, a.plan, b.workload, b.plan) for b in known] for a in known]
    noise = (_NOISE / max(spread, _NOISE)) ** 2
    for i, row in enumerate(between):
        row[i] += noise
    weights = solve(between, towards)
    shift = sum(w * one.error for w, one in zip(weights, known, strict=True))
    explained = sum(w * t for w, t in zip(weights, towards, strict=True))
    left = spread * math.sqrt(max(1 - explained, noise / 2))
    factor = math.exp(shift)
    basis = Basis(
        fact="runs of verify", value=float(len(known)), origin="measured",
        source=f"seconds times {factor:.3f}; `--fresh` does without",
    )  # fmt: skip
    return Calibration(factor, min(left, spread), basis)


def _alike(name: str, plan: Plan, other_name: str, other: Plan) -> float:
    """Return the correlation of two plans' errors in one place."""
    same_phase = plan.phase == other.phase
    apart = abs(math.log2(plan.batch / other.batch)) / BATCHES
    own = _WORKLOAD * math.exp(-apart) if name == other_name and same_phase else 0.0
    alike = _PLACE + (_PHASE if same_phase else 0.0) + own
    return alike if plan.dtype == other.dtype else alike * _OTHER_DTYPE
