"""One plan: its time, its memory, what bounds it, and the numbers that this rests on."""

from typing import NamedTuple

import msgspec

from advisor.constants import ConstantSet
from advisor.estimate import Basis, Estimate, Interval, Plan
from advisor.predict import feed, fixes, language, memory
from advisor.predict.calibrate import Outcome, calibrated, outcomes
from advisor.predict.figures import Figures, spread_of
from advisor.predict.op import Clockwork
from advisor.predict.passes import learning, network
from advisor.predict.step import Step, forward, run, training, unpacking
from advisor.predict.trees import fit_seconds
from advisor.predict.width import interval, inverse, joined, reserved, shared
from advisor.workload import LanguageModel, Workload


class Situation(NamedTuple):
    """A place: what predicts it, its bytes now and idle, what feeds it, and how it is set up."""

    clockwork: Clockwork
    available: float | None
    idle: float | None
    supply: feed.Supply = feed.Supply()
    outcomes: tuple[Outcome, ...] = ()
    settings: fixes.Settings = fixes.Settings()


class _Time(NamedTuple):
    seconds: float
    bound: str
    spread: float
    shared: float
    amount: float
    unit: str
    step: Step | None = None


def estimate(workload: Workload, plan: Plan, situation: Situation) -> Estimate:
    """Predict one plan; what cannot be predicted says why, and what would settle it."""
    clockwork = situation.clockwork
    parts = memory_parts(workload, plan, clockwork)
    needed = reserved(sum(parts.values()), clockwork.constants.figures["memory_spread"])
    blank = Estimate(
        plan=plan, throughput=None, seconds=None, memory_bytes=needed, bound=None,
        memory_available=situation.available, memory_idle=situation.idle, memory_parts=parts,
    )  # fmt: skip
    time = _time(workload, plan, clockwork)
    if time is None:
        return _unpredicted(blank, clockwork.figures)
    learned = calibrated(workload.name, plan, time.spread, situation.outcomes)
    compute = interval(time.seconds * learned.factor, learned.spread, "s")
    given = feed.assumed(workload, situation.supply, clockwork.constants)
    feeding = feed.feeding(workload, plan, compute, given, clockwork.constants)
    seconds, waits = feed.fed(plan, compute, feeding) if feeding else (compute, None)
    basis = [*_basis(plan, workload, clockwork), *feed.basis(plan, feeding, given)]
    basis += [learned.basis] if learned.basis else []
    return msgspec.structs.replace(
        blank,
        throughput=inverse(seconds, time.amount, f"{time.unit}/s"),
        seconds=seconds,
        bound=waits or time.bound,
        basis=tuple(basis),
        job_seconds=_job(workload, plan, seconds),
        shared_spread=min(time.shared, learned.spread),
        feeding=feeding,
        calibration=learned.factor,
        replayed=time.step.timed if time.step else 0.0,
        gains=fixes.gains(plan, time.step, situation.settings, feeding, waits=bool(waits)),
    )


def informed(workload: Workload, situation: Situation) -> Situation:
    """Add what was run in this place before, predicted as things are now."""
    clockwork = situation.clockwork

    def predict(plan: Plan) -> float | None:
        time = _time(workload, plan, clockwork)
        return time.seconds if time else None

    rows = clockwork.figures.runs
    known = outcomes(rows, clockwork.figures.place, workload.name, predict)
    return situation._replace(outcomes=tuple(known))


def _unpredicted(blank: Estimate, figures: Figures) -> Estimate:
    """Name the measurement that is missing."""
    peak = figures.peaks.get(blank.plan.dtype)
    what = "memory bandwidth" if peak else f"matmul peak in {blank.plan.dtype}"
    command = "memory" if peak else "matmul"
    return msgspec.structs.replace(
        blank,
        unpredicted=f"no {what} was measured on {blank.plan.place}",
        settles=f"mlinfra bench {command}",
    )


def memory_parts(workload: Workload, plan: Plan, clockwork: Clockwork) -> memory.Parts:
    """Return what a plan keeps in memory, by part."""
    constants = clockwork.constants
    if workload.trees:
        return memory.trees_parts(workload.trees, constants)
    if workload.llm and plan.phase != "training":
        return memory.language_parts(workload.llm, plan, constants)
    graph = network(workload)
    if plan.phase != "training":
        return memory.inference_parts(graph, plan.batch, plan.dtype, constants)
    taught = learning(workload, graph)
    return memory.training_parts(taught, plan.batch, plan.dtype, constants)


def _time(workload: Workload, plan: Plan, clockwork: Clockwork) -> _Time | None:
    if workload.trees:
        return _fit(workload, clockwork)
    if workload.llm and plan.phase != "training":
        step = _language(workload.llm, plan, clockwork)
        tokens = workload.llm.prompt if plan.phase == "prefill" else 1
        return _timed(step, plan, clockwork, plan.batch * tokens, "tokens")
    graph = network(workload)
    if plan.phase == "training":
        step = training(clockwork, learning(workload, graph), plan.batch, plan.dtype)
    else:
        step = forward(clockwork, graph, plan.batch, plan.dtype)
    each = workload.llm.prompt if workload.llm else 1
    found = _timed(step, plan, clockwork, plan.batch * each, workload.unit)
    return _strange(found, clockwork.constants) if found and not workload.sources else found


def _strange(time: _Time, constants: ConstantSet) -> _Time:
    """Widen for a user's own network: nothing was ever fitted on one of its kind."""
    apart = constants.figures["own_spread"]
    return time._replace(spread=joined(time.spread, apart), shared=joined(time.shared, apart))


def _language(model: LanguageModel, plan: Plan, clockwork: Clockwork) -> Step | None:
    """Predict a prefill or a decoding step; weights in a format of their own are unpacked."""
    ops = language.ops(model, plan.phase, plan.batch)
    if not plan.weights:
        return run(clockwork, ops, plan.dtype)
    step = run(clockwork, language.packed(ops, plan), plan.dtype)
    return unpacking(clockwork, step, model.active_parameters) if step else None


def _timed(
    step: Step | None, plan: Plan, clockwork: Clockwork, amount: float, unit: str
) -> _Time | None:
    if step is None:
        return None
    common = joined(step.shared, _ceiling_spread(step, plan, clockwork.figures))
    return _Time(step.seconds, step.bound, joined(step.own, common), common, amount, unit, step)


def _fit(workload: Workload, clockwork: Clockwork) -> _Time | None:
    assert workload.trees is not None  # noqa: S101 - the caller has looked
    seconds = fit_seconds(workload.trees, clockwork.figures, clockwork.constants)
    if seconds is None:
        return None
    spread = clockwork.constants.figures["trees_spread"]
    return _Time(seconds, "memory", spread, spread, 1.0, workload.unit)


def _ceilings(plan: Plan, figures: Figures) -> dict[str, Basis]:
    """Return the figure that stands for each bound, as far as it was measured."""
    used = {
        "compute": figures.peaks.get(plan.dtype),
        "memory": figures.bandwidth,
        "launch": figures.launch,
    }
    return {bound: basis for bound, basis in used.items() if basis is not None}


def _ceiling_spread(step: Step, plan: Plan, figures: Figures) -> float:
    """Return how unsure a step is because its ceilings are: each counts for what it bounds.

    What their intervals say of a machine's moments holds for operators that were timed by
    themselves as well; ops told by timed ones of their class are as wide as these differ.
    """
    ceilings = _ceilings(plan, figures)
    apart = shared((step.bounds.get(b, 0.0), spread_of(one)) for b, one in ceilings.items())
    return (1 - step.near) * apart


def _basis(plan: Plan, workload: Workload, clockwork: Clockwork) -> list[Basis]:
    """List the measurements used, and the constants that stand beside them."""
    figures, constants = clockwork.figures, clockwork.constants
    used = [] if workload.trees else [*_ceilings(plan, figures).values()]
    timed = sum(len(points) for (_, dtype), points in figures.points.items() if dtype == plan.dtype)
    if timed and not workload.trees:
        where = f"{figures.place}, {plan.dtype}"
        used.append(Basis(fact="timed ops", value=float(timed), origin="measured", source=where))
    source = f"{constants.source}, {constants.taken}"
    used.append(
        Basis(fact="constants", value=constants.constants, origin="catalogue", source=source)
    )
    return used


def _job(workload: Workload, plan: Plan, seconds: Interval) -> Interval | None:
    """Return the time of the stated job: so many epochs of the typical data set."""
    if plan.phase == "fit":
        return seconds
    if plan.phase != "training" or not workload.job or not workload.dataset:
        return None
    steps = workload.job.epochs * workload.dataset.samples / plan.batch
    return Interval(
        low=seconds.low * steps, likely=seconds.likely * steps, high=seconds.high * steps, unit="s"
    )
