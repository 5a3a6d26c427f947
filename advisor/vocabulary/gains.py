"""Facts about a plan beside others: what it gains, what it saves, what fills its memory."""

from collections.abc import Callable

import msgspec

from advisor.estimate import Estimate, Interval
from advisor.fact import Declaration, Fact, Origin, Status
from advisor.machine import Gap
from advisor.vocabulary.row import Row, fact, rows

Ratio = Callable[[Estimate, Estimate], Interval | None]
# A place is worth moving to when it is surely this many times faster: a day instead of two, of ten
# (a weekend against a working month), of fifty (a coffee against a night).
STEPS = ((50.0, "fiftyfold"), (10.0, "tenfold"), (2.0, "twofold"))


class Beside(msgspec.Struct, frozen=True):
    """A plan, the fastest on the processor, the fastest that fits a GPU, itself in small batch."""

    estimate: Estimate
    on_cpu: Estimate | None
    on_gpu: Estimate | None
    smallest: Estimate | None
    ratio: Ratio


def _over(beside: Beside, other: Estimate | None) -> Interval | None:
    if other is None or other.throughput is None or beside.estimate.throughput is None:
        return None
    return beside.ratio(beside.estimate, other)


def _surely(beside: Beside) -> str | None:
    """Name the largest step that the speed over the processor is surely above."""
    speedup = _over(beside, beside.on_cpu)
    if speedup is None:
        return None
    return next((name for least, name in STEPS if speedup.low >= least), "no")


def _saved(beside: Beside) -> Interval | None:
    """Return what the job saves against the processor: its time there, less its share here."""
    there = beside.on_cpu.job_seconds if beside.on_cpu else None
    speedup = _over(beside, beside.on_cpu)
    if there is None or speedup is None:
        return None
    low, likely, high = (
        time * (1 - 1 / gain)
        for time, gain in zip(
            (there.low, there.likely, there.high),
            (speedup.low, speedup.likely, speedup.high),
            strict=True,
        )
    )
    return Interval(low, likely, high, "s")


def _part(*names: str) -> Callable[[Beside], float | None]:
    """Read the share of the likely memory that some parts take."""

    def share(beside: Beside) -> float | None:
        parts = beside.estimate.memory_parts
        whole = sum(parts.values())
        return sum(parts.get(name, 0.0) for name in names) / whole if whole else None

    return share


PLAN: tuple[Row[Beside], ...] = rows(
    "plan",
    Origin.PREDICTED,
    [
        ("plan.batch_gain", "1", "its speed over the same in the smallest batch",
         lambda b: _over(b, b.smallest)),
        ("plan.compile_gain", "1", "its speed compiled over that of eager torch",
         lambda b: b.estimate.gains.get("compile")),
        ("plan.channels_last_gain", "1", "its speed with channels last over channels first",
         lambda b: b.estimate.gains.get("channels_last")),
        ("plan.threads_gain", "1", "its speed over the same on the threads that are asked for",
         lambda b: b.estimate.gains.get("threads")),
        ("plan.workers_gain", "1", "its speed over the same without data-loader workers",
         lambda b: b.estimate.gains.get("workers")),
        ("plan.over_gpu", "1", "its speed over the best plan that fits a GPU",
         lambda b: _over(b, b.on_gpu)),
        ("plan.surely_faster", "text",
         "what it surely gains over the CPU: no, twofold, tenfold, fiftyfold", _surely),
        ("plan.cpu_job_time", "s", "the whole stated job on the CPU",
         lambda b: b.on_cpu.job_seconds if b.on_cpu else None),
        ("plan.saved_time", "s", "what the job saves against the CPU", _saved),
        ("plan.weights_share", "%", "part of its memory in weights", _part("weights")),
        ("plan.activations_share", "%", "part of its memory kept for the backward pass",
         _part("activations")),
        ("plan.optimizer_share", "%", "part of its memory in gradients and optimizer states",
         _part("gradients", "optimizer states")),
        ("plan.cache_share", "%", "part of its memory in the key-value cache",
         _part("key-value cache")),
    ],
)  # fmt: skip
ROOM: tuple[Row[Beside], ...] = rows(
    "plan",
    Origin.PROBED,
    [
        ("plan.memory_idle", "bytes", "memory that an otherwise idle machine leaves it",
         lambda b: b.estimate.memory_idle),
    ],
)  # fmt: skip
# What some plans have: a job to be done, a GPU to be compared with.
_SETTINGS = frozenset(
    f"plan.{name}_gain" for name in ("compile", "channels_last", "threads", "workers")
)
OPTIONAL = _SETTINGS | {"plan.cpu_job_time", "plan.saved_time", "plan.over_gpu"}
DECLARATIONS: tuple[Declaration, ...] = tuple(row.declaration for row in (*PLAN, *ROOM))


def facts(beside: Beside, why: Gap) -> dict[str, Fact]:
    """State every fact of a plan beside others; ``why`` says what hinders a prediction."""
    source = str(beside.estimate.plan)
    told = [_told(row, beside, why, source) for row in (*PLAN, *ROOM)]
    return {f.name: f for f in told}


def _told(row: Row[Beside], beside: Beside, why: Gap, source: str) -> Fact:
    told = fact(row.declaration, row.value(beside), why, source)
    lacking = told.status is Status.UNKNOWN and _lacks(row.declaration.name, beside)
    return msgspec.structs.replace(told, status=Status.MISSING, why="") if lacking else told


def _lacks(name: str, beside: Beside) -> bool:
    """Say whether there is nothing of the sort, instead of nothing known."""
    if name in _SETTINGS:
        return beside.estimate.throughput is not None
    if name == "plan.over_gpu":
        return beside.on_gpu is None
    return name in OPTIONAL and _jobless(beside)


def _jobless(beside: Beside) -> bool:
    """Say whether the processor's speed is known, and still there is no time of a whole job."""
    there = beside.on_cpu
    return there is not None and there.throughput is not None and there.job_seconds is None
