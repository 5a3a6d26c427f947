"""Facts read off a workload's figures: what it computes, moves, keeps, and in which shapes."""

from collections.abc import Callable, Iterable

from advisor.fact import Origin
from advisor.operation import Op, op_class, work
from advisor.vocabulary.row import Row, rows
from advisor.workload import Workload

# Tensor cores and AMX work in tiles whose rows hold this many 16-bit numbers, or a multiple of it.
TILE = 8
# Vocabularies are padded to multiples of this, so that each tile of the last layer is full.
WIDE_TILE = 64
# A row of an AMX tile: 64 bytes, which are 32 numbers of 16 bits (Intel SDM, TDPBF16PS).
AMX_TILE = 32
_COMPUTING = {"conv", "pointwise", "depthwise", "gemm", "bmm", "attention", "recurrent"}
_LOOKING_UP = {"embedding", "copy"}


def _ops(workload: Workload) -> tuple[Op, ...]:
    return workload.graph.ops if workload.graph else ()


def _flops(ops: Iterable[Op]) -> float:
    return sum(op.count * work(op).flops for op in ops)


def _moved(ops: Iterable[Op]) -> float:
    """Return the elements of activations that ops read and write; weights are read once a batch."""
    return sum(op.count * (work(op).reads + work(op).writes) for op in ops)


def _share(
    measure: Callable[[Iterable[Op]], float], wanted: Callable[[Op], bool]
) -> Callable[[Workload], float | None]:
    """Read a share of all ops' FLOP or elements."""

    def share(workload: Workload) -> float | None:
        ops = _ops(workload)
        whole = measure(ops)
        return measure(op for op in ops if wanted(op)) / whole if whole else None

    return share


def _class(*names: str) -> Callable[[Op], bool]:
    return lambda op: op_class(op) in names


def _unaligned(tile: int) -> Callable[[Op], bool]:
    """Say whether a matrix or a convolution has widths that leave tiles partly empty."""

    def unaligned(op: Op) -> bool:
        sizes = {"gemm": ("n", "k"), "conv": ("c", "k")}.get(op.op, ())
        whole = op.shape.get("groups", 1) == 1
        return whole and any(op.shape[name] % tile for name in sizes)

    return unaligned


def _computed(workload: Workload) -> float | None:
    if workload.llm:
        return 2.0 * workload.llm.active_parameters
    return _flops(_ops(workload)) or None


def _weights(workload: Workload) -> float | None:
    if workload.llm:
        return workload.llm.parameters
    return workload.graph.parameters if workload.graph else None


def _tables(workload: Workload) -> float | None:
    """Return the share of the weights that no op multiplies with: they are looked up."""
    if workload.graph is None or not workload.graph.parameters:
        return None
    used = sum(op.count * work(op).weights for op in _ops(workload) if op.op != "embedding")
    return max(1 - used / workload.graph.parameters, 0.0)


def _padding(workload: Workload) -> float | None:
    return -workload.llm.vocabulary % WIDE_TILE if workload.llm else None


def _data(workload: Workload) -> float | None:
    data = workload.dataset
    return 1.0 * data.samples * data.sample_bytes if data else None


def _normalized(workload: Workload) -> bool | None:
    ops = _ops(workload)
    return any(op.kernel == "batch_norm" for op in ops) if ops else None


WORKLOAD: tuple[Row[Workload], ...] = rows(
    "machine",
    Origin.CATALOGUE,
    [
        ("workload.unit", "text", "what a rate counts: samples, tokens or jobs", lambda w: w.unit),
        ("workload.flops", "FLOP", "FLOP of one sample or token, forward", _computed),
        ("workload.weights", "bytes", "all weights in 16 bits",
         lambda w: 2.0 * (_weights(w) or 0) or None),
        ("workload.dataset_size", "bytes", "its usual data set as stored", _data),
        ("workload.epochs", "1", "passes over the data that its job makes",
         lambda w: w.job.epochs if w.job else None),
        ("workload.conv_share", "%", "part of its FLOP in convolutions",
         _share(_flops, _class("conv", "pointwise", "depthwise"))),
        ("workload.recurrent_share", "%", "part of its FLOP in recurrent layers",
         _share(_flops, _class("recurrent"))),
        ("workload.attention_share", "%", "part of its FLOP in attention",
         _share(_flops, _class("attention"))),
        ("workload.unaligned_share", "%", f"part of its FLOP in widths not divisible by {TILE}",
         _share(_flops, _unaligned(TILE))),
        ("workload.unaligned_amx_share", "%",
         f"part of its FLOP in widths not divisible by {AMX_TILE}",
         _share(_flops, _unaligned(AMX_TILE))),
        ("workload.depthwise_share", "%", "part of what it moves in depthwise convolutions",
         _share(_moved, _class("depthwise"))),
        ("workload.lookup_share", "%", "part of what it moves in gathers and copies",
         _share(_moved, _class(*_LOOKING_UP))),
        ("workload.small_op_share", "%", "part of what it moves in ops that compute little",
         _share(_moved, lambda op: op_class(op) not in _COMPUTING | _LOOKING_UP)),
        ("workload.table_share", "%", "part of its weights in tables that are looked up", _tables),
        ("workload.batch_norm", "flag", "has batch normalization", _normalized),
        ("workload.experts", "1", "experts of each layer",
         lambda w: w.llm.experts if w.llm else None),
        ("workload.context", "1", "tokens of context while it writes",
         lambda w: w.llm.context if w.llm else None),
        ("workload.vocabulary_padding", "1",
         f"tokens that its vocabulary lacks to be a multiple of {WIDE_TILE}", _padding),
    ],
)  # fmt: skip
# What only some kinds of workload have.
OPTIONAL = frozenset(row.declaration.name for row in WORKLOAD) - {"workload.unit"}
