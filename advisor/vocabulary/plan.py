"""Facts about the workload, and about each plan the predictor lists for it."""

from collections.abc import Callable

import msgspec

from advisor.estimate import Estimate, Interval
from advisor.fact import Fact, Origin
from advisor.machine import Gap
from advisor.vocabulary import network, shape
from advisor.vocabulary.rivals import Listed
from advisor.vocabulary.row import Row, fact, rows
from advisor.workload import Workload

Ratio = Callable[[Estimate, Estimate], Interval | None]


class Rivals(msgspec.Struct, frozen=True):
    """A plan, and the plans that it is measured against: the ratios carry their own interval.

    ``plain`` and ``in_fp32`` are the same without settings, in its own precision and in fp32.
    """

    estimate: Estimate
    on_cpu: Estimate | None
    plain: Estimate | None
    in_fp32: Estimate | None
    ratio: Ratio


def _kind(workload: Workload) -> str:
    if workload.llm:
        return "llm"
    return "trees" if workload.trees else "network"


def _parameters(workload: Workload) -> float | None:
    if workload.llm:
        return workload.llm.parameters
    return workload.graph.parameters if workload.graph else None


WORKLOAD: tuple[Row[Workload], ...] = rows(
    "machine",
    Origin.CATALOGUE,
    [
        ("workload.name", "text", "what is to be run", lambda w: w.name),
        ("workload.kind", "text", "network, llm or trees", _kind),
        ("workload.parameters", "1", "trained weights", _parameters),
        ("workload.rows", "1", "rows of a table", lambda w: w.trees.rows if w.trees else None),
        ("workload.samples", "1", "samples of its usual data set",
         lambda w: w.dataset.samples if w.dataset else None),
        ("workload.sample_size", "bytes", "bytes of one stored sample",
         lambda w: w.dataset.sample_bytes if w.dataset else None),
    ],
)  # fmt: skip


def _share(rivals: Rivals) -> Interval | None:
    needed, there = rivals.estimate.memory_bytes, rivals.estimate.memory_available
    if needed is None or not there:
        return None
    return Interval(needed.low / there, needed.likely / there, needed.high / there, "%")


def _fed(rivals: Rivals, name: str) -> Interval | None:
    """Return a rate of the plan's feeding."""
    feeding = rivals.estimate.feeding
    return getattr(feeding, name) if feeding else None


def _fed_share(rivals: Rivals, name: str) -> Interval | None:
    """Return what feeds the plan over what it could take; the two errors are not shared."""
    rate, could = _fed(rivals, name), _fed(rivals, "compute")
    if rate is None or could is None:
        return None
    return Interval(rate.low / could.high, rate.likely / could.likely, rate.high / could.low, "%")


def _workers(rivals: Rivals) -> float | None:
    return rivals.estimate.feeding.workers_needed if rivals.estimate.feeding else None


def _speedup(rivals: Rivals) -> Interval | None:
    """Return the speed over the processor; known only where both are."""
    return rivals.ratio(rivals.estimate, rivals.on_cpu) if rivals.on_cpu else None


def _over_fp32(rivals: Rivals) -> Interval | None:
    """Return what the precision gains, settings left out on both sides."""
    plain, full = rivals.plain, rivals.in_fp32
    return rivals.ratio(plain, full) if plain and full else None


# What a plan is: chosen, so known exactly.
CHOICE: tuple[Row[Rivals], ...] = rows(
    "plan",
    Origin.GIVEN,
    [
        ("workload.phase", "text", "training or inference", lambda r: r.estimate.plan.phase),
        ("plan.place", "text", "where it runs: cpu, gpu:0, …", lambda r: r.estimate.plan.place),
        ("plan.dtype", "text", "precision of the arithmetic", lambda r: r.estimate.plan.dtype),
        ("plan.batch", "1", "samples a step", lambda r: r.estimate.plan.batch),
        ("plan.compiled", "flag", "by torch.compile", lambda r: r.estimate.plan.compiled),
        ("plan.checkpointed", "flag", "activations are computed anew in the backward pass",
         lambda r: r.estimate.plan.checkpointed),
        ("plan.weights", "text", "format that weights are stored in",
         lambda r: r.estimate.plan.precision),
    ],
)  # fmt: skip
# What the machine leaves to it.
ROOM: tuple[Row[Rivals], ...] = rows(
    "plan",
    Origin.PROBED,
    [
        ("plan.memory_available", "bytes", "memory it may use there",
         lambda r: r.estimate.memory_available),
    ],
)  # fmt: skip
# What it would do.
FORECAST: tuple[Row[Rivals], ...] = rows(
    "plan",
    Origin.PREDICTED,
    [
        ("plan.bound", "text", "what limits the speed", lambda r: r.estimate.bound),
        ("plan.throughput", "1/s", "samples or tokens a second", lambda r: r.estimate.throughput),
        ("plan.step_time", "s", "one batch or step", lambda r: r.estimate.seconds),
        ("plan.job_time", "s", "the whole stated job", lambda r: r.estimate.job_seconds),
        ("plan.memory", "bytes", "memory it needs", lambda r: r.estimate.memory_bytes),
        ("plan.memory_share", "%", "memory needed of what is available", _share),
        ("plan.speedup", "1", "its speed over the best plan on the CPU",
         _speedup),
        ("plan.compute_rate", "samples/s", "what it could take were it fed at once",
         lambda r: _fed(r, "compute")),
        ("plan.input_rate", "samples/s", "what data-loader workers and disk deliver for it",
         lambda r: _fed(r, "input")),
        ("plan.input_share", "%", "what is delivered of what it could take",
         lambda r: _fed_share(r, "input")),
        ("plan.link_share", "%", "what the link from the host carries of what it could take",
         lambda r: _fed_share(r, "link")),
        ("plan.workers_needed", "1", "data-loader workers that would keep up with it", _workers),
        ("plan.fp32_gain", "1", "its speed over the same in fp32", _over_fp32),
    ],
)  # fmt: skip
PLAN = (*CHOICE, *ROOM, *FORECAST)


def workload_facts(workload: Workload) -> dict[str, Fact]:
    """State every fact about the workload."""
    table = (*WORKLOAD, *shape.WORKLOAD, *network.WORKLOAD)
    told = [fact(r.declaration, r.value(workload), None, workload.name) for r in table]
    return {f.name: f for f in told}


def plan_facts(estimate: Estimate, listed: Listed, ratio: Ratio) -> dict[str, Fact]:
    """State every fact about a plan; what could not be predicted is unknown."""
    plain = msgspec.structs.replace(estimate.plan, compiled=False, checkpointed=False, weights="")
    full = msgspec.structs.replace(plain, dtype="fp32")
    rivals = Rivals(
        estimate, listed.on_cpu(estimate.plan.phase), listed.of(plain), listed.of(full), ratio
    )  # fmt: skip
    name = str(estimate.plan)
    told = [
        fact(r.declaration, r.value(rivals), _why(r.declaration.name, estimate), name) for r in PLAN
    ]
    return {f.name: f for f in told}


_UNFED = {
    "input": Gap("", "what feeds it with samples was not timed", "mlinfra bench input"),
    "workers": Gap("", "no data-loader worker on such samples was timed", "mlinfra bench input"),
    "link": Gap("", "no link from the host was timed", "mlinfra bench host_link"),
}


def _why(name: str, estimate: Estimate) -> Gap:
    """Say why a fact about a plan has no value, and what would settle it."""
    part = name.partition(".")[2].partition("_")[0]
    if not estimate.unpredicted and part in _UNFED:
        return _UNFED[part]
    return why(estimate)


def why(estimate: Estimate) -> Gap:
    """Say why something about a plan is unknown, and what would settle it."""
    reason = estimate.unpredicted or "nothing to compare with"
    return Gap("", reason, estimate.settles or "mlinfra bench")
