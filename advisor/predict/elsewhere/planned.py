"""Plans on a part that is not in the machine, in the words of the plans on those that are.

The forecast is the batch interface's. What is predicted here for a device whose part is known is
handed over as a measurement of it, so that what both parts have in common drops out.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from advisor.constants import ConstantSet
from advisor.errors import AdvisorError
from advisor.estimate import Basis, Estimate, Interval, Plan
from advisor.predict import feed
from advisor.predict.elsewhere import compiled
from advisor.predict.elsewhere.batch import Predictor
from advisor.predict.elsewhere.case import Case, Form, Known, Phase
from advisor.predict.elsewhere.collective import exposed
from advisor.predict.elsewhere.opwise import Passed
from advisor.predict.elsewhere.silicon import Figures, Silicon
from advisor.predict.figures import Figures as Measured
from advisor.predict.op import Clockwork
from advisor.predict.passes import learning, network
from advisor.predict.single import memory_parts
from advisor.predict.variants import COMPILED
from advisor.predict.width import blunt, interval, joined, spread_of
from advisor.workload import Workload

_DTYPES = ("fp32", "tf32", "bf16", "fp16")


class Foreign(msgspec.Struct, frozen=True, kw_only=True):
    """``count`` of a part as one place, and what the machine around it feeds it with.

    ``name`` is what plans say they run on, where the place does not; ``memory`` what plans may use
    of each part; ``dtype`` is the one precision to be predicted, if not all. ``own`` are plans
    predicted on ``mine``, as the catalogue has their device; ``timed`` remembers what ops take, for
    all places that are given the same.
    """

    place: str
    device: Silicon
    count: int = 1
    name: str = ""
    memory: float | None = None
    supply: feed.Supply = feed.Supply()
    dtype: str = ""
    own: tuple[Estimate, ...] = ()
    mine: Silicon | None = None
    timed: dict[bytes, Passed] = {}


def estimates(
    workload: Workload,
    phases: Iterable[str],
    foreign: Foreign,
    figures: Figures,
    constants: ConstantSet,
) -> tuple[Estimate, ...]:
    """Predict each phase in each precision and batch; best first within a phase.

    A plan that does not fit in memory comes after those that do; what the part cannot run is left
    out. ``figures`` are those of the batch interface, ``constants`` those of the part's kind.
    """
    devices = {foreign.place: foreign.device, "mine": foreign.mine or foreign.device}
    predictor = Predictor(
        figures,
        lambda name, _n, _p: (devices[name], ""),
        lambda _form: workload,
        timed=foreign.timed,
    )
    found: list[Estimate] = []
    for phase in phases:
        made = [
            _estimate(workload, p, foreign, predictor, constants)
            for p in _listed(workload, phase, foreign)
        ]
        found += sorted((e for e in made if e), key=_rank)
    return tuple(found)


def _listed(workload: Workload, phase: str, foreign: Foreign) -> Iterator[Plan]:
    if workload.trees:
        yield Plan(phase=phase, place=foreign.place, device=foreign.name, dtype="fp32", batch=1)
        return
    for dtype, weights in _formats(foreign, served=_served(workload, phase)):
        for batch in workload.batches:
            yield Plan(
                phase=phase, place=foreign.place, device=foreign.name, dtype=dtype, batch=batch,
                weights=weights,
            )  # fmt: skip


def _served(workload: Workload, phase: str) -> bool:
    return workload.llm is not None and phase != "training"


def _formats(foreign: Foreign, *, served: bool) -> Iterator[tuple[str, str]]:
    """List precisions, and the formats of weights that are unpacked to 16 bits, else to 32."""
    rates = foreign.device.rates
    wanted = [d for d in _DTYPES if foreign.dtype in {"", d}]
    dtypes = [d for d in wanted if d in rates and rates[d] >= rates.get("fp32", 0.0)]
    yield from ((dtype, "") for dtype in dtypes)
    halves = [dtype for dtype in dtypes if dtype in {"bf16", "fp16"}] or dtypes[:1]
    if served:
        yield from ((dtype, weights) for dtype in halves[:1] for weights in _WEIGHTS)


# What a model in such weights is called where it is served on GPUs, and where llama.cpp runs it.
_WEIGHTS = {"int8": ("int8_wo", "Q8_0"), "int4": ("int4", "Q4_K_M")}


def _format(plan: Plan, device: Silicon) -> str:
    """Name a plan's precision as the batch interface knows it."""
    return _WEIGHTS[plan.weights][device.host] if plan.weights else plan.dtype


def _rank(found: Estimate) -> tuple[bool, float]:
    needed, there = found.memory_bytes, found.memory_available
    full = bool(needed and there and needed.likely > there)
    return (full, -blunt(found.rate))


def _estimate(
    workload: Workload,
    plan: Plan,
    foreign: Foreign,
    predictor: Predictor,
    constants: ConstantSet,
) -> Estimate | None:
    known = _known(plan, foreign) if foreign.mine else None
    try:
        answer = predictor.answer(_case(workload, plan, foreign, known))
    except AdvisorError:
        return None
    unmeasured = Measured(place=plan.place, constants="gpu", peaks={}, bandwidth=None)
    parts = memory_parts(workload, plan, Clockwork(unmeasured, constants))
    there = _room(workload, foreign)
    together = _together(workload, plan, foreign, predictor.figures, known)
    compute = _seconds(answer, known, together)
    gained = _compiled(workload, plan, foreign, predictor, known)
    total = _total(plan, foreign)
    supply = feed.assumed(workload, foreign.supply, constants)
    given = feed.feeding(workload, total, compute, supply, constants)
    seconds, waits = feed.fed(total, compute, given) if given else (compute, None)
    work = answer["throughput"]["likely"] * answer["seconds"]
    return Estimate(
        plan=plan,
        throughput=_rate(seconds, work, answer["throughput"]["unit"]),
        seconds=seconds,
        memory_bytes=interval(sum(parts.values()), constants.figures["memory_spread"], "bytes"),
        memory_available=there,
        memory_idle=there,
        memory_parts=parts,
        bound=waits or answer["bound"],
        basis=(*_told(answer), *feed.basis(total, given, supply)),
        job_seconds=_job(workload, plan, seconds, work),
        shared_spread=spread_of(compute),
        feeding=given,
        gains={"compile": gained} if gained and not waits else {},
        base=known,
    )


def _room(workload: Workload, foreign: Foreign) -> float | None:
    """Return the memory of a place: models are split over devices, what is trained is copied."""
    each = foreign.memory or foreign.device.memory
    return each * foreign.count if each and workload.llm else each


def _compiled(
    workload: Workload,
    plan: Plan,
    foreign: Foreign,
    predictor: Predictor,
    known: Estimate | None,
) -> Interval | None:
    """Return what compiling gains; on the very part that this machine has, as it gains there.

    Of a CPU that is not there the catalogue tells nothing, so that it gains what the one here does.
    """
    mine = known.gains.get("compile") if known else None
    if foreign.device.host or plan.phase not in COMPILED:
        return mine
    waits = _waits(workload, plan, foreign, predictor.figures)
    if mine and known and known.computing and _mine(foreign):
        return compiled.shared(mine, known.computing.likely, waits)
    case = _case(workload, plan, foreign, None)
    passed = predictor.passed(network(workload), plan.batch, case, foreign.device)
    times = predictor.figures["ops.training"] if plan.phase == "training" else 1.0
    return compiled.gain(passed.pieces, times, waits)


def _waits(
    workload: Workload, plan: Plan, foreign: Foreign, figures: Figures
) -> Callable[[float], float]:
    """Return how long a step of so many seconds then waits for the sum of all gradients."""
    if plan.phase != "training" or foreign.count < 2:
        return lambda _step: 0.0
    size = 4 * learning(workload, network(workload)).trained
    return lambda step: exposed(foreign.device, foreign.count, size, step, figures)


def _together(
    workload: Workload, plan: Plan, foreign: Foreign, figures: Figures, known: Estimate | None
) -> float | None:
    """Return the seconds of a step on several of the very part that this machine has.

    Each takes as long as one alone, and then they wait for the sum of the gradients. None where
    what is known of one is of another plan, or where a model is split over them.
    """
    if known is None or foreign.count < 2 or plan.phase not in COMPILED or not _mine(foreign):
        return None
    alone, same = known.computing, (known.plan.dtype, known.plan.batch) == (plan.dtype, plan.batch)
    if alone is None or not same:
        return None
    return alone.likely + _waits(workload, plan, foreign, figures)(alone.likely)


def _mine(foreign: Foreign) -> bool:
    """Whether it is the very part that the own plans were predicted on."""
    return foreign.mine is not None and foreign.mine.name == foreign.device.name


def _case(workload: Workload, plan: Plan, foreign: Foreign, known: Estimate | None) -> Case:
    phase: Phase = plan.phase  # type: ignore[assignment] # a workload's phases are the interface's
    told = []
    if known and _could(known).likely > 0:
        own = known.plan
        told = [Known(device="mine", throughput=_could(known).likely, batch=float(own.batch),
                      dtype=_format(own, foreign.mine or foreign.device), count=1)]  # fmt: skip
    return Case(
        id=plan.id, device=foreign.place, phase=phase, workload=Form(name=workload.name),
        count=foreign.count, dtype=_format(plan, foreign.device), batch=float(plan.batch),
        known=tuple(told),
    )  # fmt: skip


def _known(plan: Plan, foreign: Foreign) -> Estimate | None:
    """Return this machine's own plan that is most like a plan: same precision, then same batch."""
    same = [e for e in foreign.own if e.plan.phase == plan.phase and e.throughput]
    return min(
        same,
        key=lambda e: (
            e.plan.precision != plan.precision,
            e.plan.dtype != plan.dtype,
            abs(e.plan.batch - plan.batch),
        ),
        default=None,
    )


def _could(known: Estimate) -> Interval:
    """Return what an own plan could do were it fed at once: another device is fed otherwise."""
    assert known.throughput is not None  # noqa: S101 - only such plans are handed over
    return known.feeding.compute if known.feeding else known.throughput


def _seconds(answer: Mapping[str, Any], known: Estimate | None, together: float | None) -> Interval:
    """Return the seconds of a step; what was handed over as measured was itself predicted.

    ``together`` are those of several like one that is known, where that says it better.
    """
    told = answer["seconds_range"]
    spread = spread_of(Interval(told["low"], answer["seconds"], told["high"], "s"))
    own = spread_of(_could(known)) if known else 0.0
    return interval(together or answer["seconds"], joined(spread, own), "s")


def _total(plan: Plan, foreign: Foreign) -> Plan:
    """Return the plan with the samples of a step over all devices."""
    return msgspec.structs.replace(plan, batch=plan.batch * foreign.count)


def _rate(seconds: Interval, work: float, unit: str) -> Interval:
    return Interval(work / seconds.high, work / seconds.likely, work / seconds.low, unit)


def _job(workload: Workload, plan: Plan, seconds: Interval, work: float) -> Interval | None:
    if plan.phase == "fit":
        return seconds
    if plan.phase != "training" or not workload.job or not workload.dataset:
        return None
    steps = workload.job.epochs * workload.dataset.samples / work
    return Interval(seconds.low * steps, seconds.likely * steps, seconds.high * steps, "s")


def _told(answer: Mapping[str, Any]) -> Iterator[Basis]:
    return (Basis(**_plain(line)) for line in answer["basis"])


def _plain(line: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line of the basis; what calibrates was itself predicted here, not measured."""
    told = {name: line[name] for name in ("fact", "value", "low", "high", "source")}
    return told | {"origin": "predicted" if line["fact"] == "calibration" else line["origin"]}
