"""Plans with settings: compiled, or with activations computed anew, by factors on the same plan.

What a setting gains is one of the estimate's gains; its width is added to the plan's own.
"""

import math
from collections.abc import Callable, Iterable, Iterator

import msgspec
from msgspec.structs import replace

from advisor.estimate import Basis, Estimate, Feeding, Interval, Plan
from advisor.predict import sequence
from advisor.predict.feed import fed
from advisor.predict.width import interval, inverse, joined, spread_of
from advisor.workload import Workload

# What a compiler was made for: other phases belong to serving engines, which bring their own.
COMPILED = {"training", "inference"}
# Of one place, only plans that come this near the fastest can become the best.
_NEAR = 0.8
# How far off the memory of networks is whose blocks are not known (sd of ln): set, not fitted.
_BLOCKS = 0.25

# What torch.compile loads and keeps in the process that runs a network (torch 2.13 on a processor:
# 139 to 184 MB for inference; 78 to 110 for training, whose optimizer has loaded a part of it).
COMPILER_BYTES = {"inference": 170e6, "training": 95e6}


def variants(
    workload: Workload, found: Iterable[Estimate], *, compiled: bool | None = None
) -> tuple[Estimate, ...]:
    """Return the plans with settings that could be better than those found.

    ``compiled`` True compiles whatever can be, False nothing.
    """
    listed = [e for e in found if e.throughput and not e.plan.settings and _alone(e.plan)]
    saved = [made for e in listed for made in _saved(workload, e)]
    if compiled is False:
        return tuple(saved)
    groups = _groups([*listed, *saved])
    near = 0.0 if compiled else _NEAR
    return (*saved, *(e for group in groups for e in _fast(workload, group, near)))


def settled(
    workload: Workload, found: Iterable[Estimate], *, compiled: bool | None = None
) -> tuple[Estimate, ...]:
    """Return all plans there are to choose from: those found, and with settings; see `variants`.

    Where compiled ones were asked for, plans that could be compiled and are not are left out.
    """
    listed = tuple(found)
    every = (*listed, *variants(workload, listed, compiled=compiled))
    if not compiled:
        return every
    return tuple(e for e in every if e.plan.compiled or e.plan.phase not in COMPILED)


def _alone(plan: Plan) -> bool:
    """Whether devices of this machine run it, one or several alike."""
    return plan.tier == "here" and plan.kind in {"cpu", "igpu", "gpu", "gpus"}


def _groups(found: Iterable[Estimate]) -> Iterator[list[Estimate]]:
    """Group by phase and place what fits there."""
    groups: dict[tuple[str, str], list[Estimate]] = {}
    for estimate in (e for e in found if e.fits):
        plan = estimate.plan
        groups.setdefault((plan.phase, plan.place), []).append(estimate)
    yield from groups.values()


def _fast(workload: Workload, group: list[Estimate], near: float) -> Iterator[Estimate]:
    """Compile those near the fastest of all, and the smallest batch of its precision."""
    best = max(group, key=lambda e: e.rate)
    mine = [e for e in group if e.plan.dtype == best.plan.dtype]
    least = min(mine, key=lambda e: e.plan.batch)
    for estimate in group:
        if estimate is least or estimate.rate >= near * best.rate:
            made = varied(workload, estimate, replace(estimate.plan, compiled=True))
            if made:
                yield made
            elif not near and estimate.plan.phase in COMPILED:
                # Asked for, though nothing is known to be gained: it waits for its data.
                yield _compiling(replace(estimate, plan=replace(estimate.plan, compiled=True)))


def _saved(workload: Workload, estimate: Estimate) -> Iterator[Estimate]:
    """Compute anew what keeps a batch out of memory."""
    needed, there = estimate.memory_bytes, estimate.memory_available
    if needed and there and needed.high > there:
        made = varied(workload, estimate, replace(estimate.plan, checkpointed=True))
        if made and made.fits:
            yield made


def varied(workload: Workload, base: Estimate, plan: Plan) -> Estimate | None:
    """Return a plan's estimate with the settings of another; None where their gain is not known."""
    made: Estimate | None = base
    for name, wanted, there in _switches(base.plan, plan):
        if wanted and not there and made:
            made = _BY_NAME[name](workload, made)
    return made


def _switches(base: Plan, plan: Plan) -> list[tuple[str, bool, bool]]:
    return [
        ("checkpoint", plan.checkpointed, base.checkpointed),
        ("compile", plan.compiled, base.compiled),
    ]


def _compiled(_workload: Workload, base: Estimate) -> Estimate | None:
    if base.plan.phase not in COMPILED:
        return None
    made = _faster(base, replace(base.plan, compiled=True), "compile")
    return made and _compiling(made)


def _compiling(made: Estimate) -> Estimate:
    """Return a compiled plan with what its process keeps of the compiler."""
    needed = made.memory_bytes
    if needed is None or made.plan.place != "cpu":
        return made
    more = COMPILER_BYTES[made.plan.phase]
    whole = Interval(needed.low + more, needed.likely + more, needed.high + more, needed.unit)
    return replace(made, memory_bytes=whole, memory_parts={**made.memory_parts, "compiler": more})


def _checkpointed(workload: Workload, base: Estimate) -> Estimate | None:
    if base.plan.phase != "training":
        return None
    made = _faster(base, replace(base.plan, checkpointed=True), "checkpoint")
    if made is None or base.memory_bytes is None:
        return None
    parts = dict(base.memory_parts)
    slack = parts.pop("allocator slack", 0.0)
    before = sum(parts.values()) - parts.get("process and driver", 0.0)
    parts["activations"] *= kept(workload)
    after = sum(parts.values()) - parts.get("process and driver", 0.0)
    parts["allocator slack"] = slack * after / before if before else slack
    spread = joined(spread_of(base.memory_bytes), 0.0 if workload.llm else _BLOCKS)
    memory = interval(sum(parts.values()), spread, "bytes")
    return replace(made, memory_bytes=memory, memory_parts=parts)


_BY_NAME: dict[str, Callable[[Workload, Estimate], Estimate | None]] = {
    "compile": _compiled,
    "checkpoint": _checkpointed,
}


def kept(workload: Workload) -> float:
    """Return the share of the activations that is kept where only what blocks begin with is.

    A language model keeps the inputs of its layers, and all of one. Of other networks 2·√n of n
    layers are kept (Chen et al. 2016, arXiv:1604.06174).
    """
    if workload.llm:
        return sequence.kept_share(workload.llm)
    assert workload.graph is not None  # noqa: S101 - trees are not trained by steps
    layers = sum(op.count for op in workload.graph.ops if op.weights)
    return min(2 / math.sqrt(max(layers, 1)), 1.0)


def _faster(base: Estimate, plan: Plan, name: str) -> Estimate | None:
    """Return the estimate with one of its gains applied to what it computes."""
    gain, computing = base.gains.get(name), base.computing
    if gain is None or computing is None or base.throughput is None or base.seconds is None:
        return None
    work = base.throughput.likely * base.seconds.likely
    spread = joined(spread_of(computing), spread_of(gain))
    seconds, waits = interval(computing.likely / gain.likely, spread, "s"), None
    feeding = _fed_faster(base.feeding, gain) if base.feeding else None
    if feeding:
        seconds, waits = fed(replace(plan, batch=round(work)), seconds, feeding)
    left = {n: g for n, g in base.gains.items() if n not in {name, *_INSIDE.get(name, ())}}
    return replace(
        base,
        plan=plan,
        seconds=seconds,
        throughput=inverse(seconds, work, base.throughput.unit),
        job_seconds=_scaled(base.job_seconds, seconds, base.seconds),
        bound=waits or base.bound,
        feeding=feeding,
        settings_spread=joined(base.settings_spread, spread_of(gain)),
        gains=left,
        basis=(*base.basis, _basis(name, gain)),
    )


# What a setting brings with it: a compiler chooses the layout by itself.
_INSIDE = {"compile": ("channels_last",)}
_SOURCES = {
    "compile": "torch.compile over eager: small operations joined, convolutions in their layout",
    "checkpoint": "one more pass forward (torch.utils.checkpoint)",
}


def _basis(name: str, gain: Interval) -> Basis:
    return Basis(
        fact=f"gain of {name}", value=gain.likely, low=gain.low, high=gain.high,
        origin="predicted", source=_SOURCES[name],
    )  # fmt: skip


def _fed_faster(feeding: Feeding, gain: Interval) -> Feeding:
    rate = feeding.compute
    spread = joined(spread_of(rate), spread_of(gain))
    needed = feeding.workers_needed
    return msgspec.structs.replace(
        feeding,
        compute=interval(rate.likely * gain.likely, spread, rate.unit),
        workers_needed=None if needed is None else float(math.ceil(needed * gain.likely)),
    )


def _scaled(job: Interval | None, seconds: Interval, before: Interval) -> Interval | None:
    """Return the time of a job whose steps take so long now."""
    if job is None:
        return None
    steps = job.likely / before.likely
    return Interval(seconds.low * steps, seconds.likely * steps, seconds.high * steps, job.unit)
