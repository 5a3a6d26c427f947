"""Operations: what a network is made of, with shapes that say how much each computes and moves.

An op in an `OpGraph` is written for one sample; `scaled` gives the op as it runs on a batch. Counts
are of elements, not bytes: the predictor multiplies by the size of the dtype.
"""

import math
from functools import cached_property
from typing import Annotated, Literal

import msgspec

OpKind = Literal[
    "gemm",
    "conv",
    "attention",
    "recurrent",
    "norm",
    "softmax",
    "elementwise",
    "pool",
    "copy",
    "embedding",
    "optimizer",
]


# Elements and FLOP of one run: beyond this no network is meant.
Amount = Annotated[float, msgspec.Meta(ge=0, le=1e24)]


class Op(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """One operation, run ``count`` times in the same shape; ``kernel`` is torch's word for it.

    An embedding whose table is not trained is ``fixed``, and has no backward pass.

    ``shape`` by kind: gemm ``m n k batch`` (k contracted) · conv ``n c h w k r s stride padding
    dilation groups`` (height first; ``stride_w padding_w dilation_w`` where the width differs,
    ``transposed`` 1; of a volume the flat one of as much work, with ``depth t stride_d padding_d
    dilation_d``) · pool over windows ``c h w r s stride padding`` (``depth t`` of a volume; as many
    images as ``reads`` holds) · attention ``batch heads kv_heads q kv d causal`` · recurrent ``n
    steps input hidden gates`` · optimizer ``n`` tensors, ``sparse`` 1 where nearly all of their
    gradients are nought. Other kinds move ``reads`` and ``writes`` elements of activations.
    ``weights`` are parameters read however large the batch; 0 in a gemm means that both sides are
    activations. ``flops`` (a multiply-add is two) are worked out from the shape where it is None.
    An op that is ``once`` has the same size whatever the batch; one that is ``frozen`` has weights
    that are not trained (or a side that depends on nothing trained), so that its backward pass
    makes no gradient of them; before a ``leaf`` nothing is trained, so that nobody asks for the
    gradient of what goes in; one that is ``tied`` takes the weights of an op before it.
    """

    op: OpKind
    kernel: str = ""
    count: Annotated[int, msgspec.Meta(ge=1, le=10**9)] = 1
    shape: dict[str, Annotated[int, msgspec.Meta(ge=0, le=10**12)]] = {}
    reads: Amount = 0.0
    writes: Amount = 0.0
    weights: Amount = 0.0
    flops: Amount | None = None
    once: bool = False
    frozen: bool = False
    leaf: bool = False
    tied: bool = False

    @cached_property
    def key(self) -> bytes:
        """Kind and sizes of one run: ops of one key take the same time."""
        sizes = (self.op, self.kernel, self.reads, self.writes, self.weights)
        return msgspec.msgpack.encode((*sizes, sorted(self.shape.items())))

    @cached_property
    def _work(self) -> "Work":
        """What `work` says, asked for several times in each prediction."""
        counted = _COUNTERS[self.op](self) if self.op in _COUNTERS else None
        if counted is None:
            return Work(self.flops or 0.0, self.reads, self.writes, self.weights)
        return counted if self.flops is None else msgspec.structs.replace(counted, flops=self.flops)


class OpGraph(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, dict=True):
    """One forward pass over one sample.

    ``inputs`` are elements that come from the host; ``activations`` those that training keeps for
    the backward pass; ``workspace`` the largest set alive at once in a pass without gradients;
    ``dropped`` those for which training draws a chance of being left out. ``notes`` say what the
    reader of the network could not know.
    """

    ops: Annotated[tuple[Op, ...], msgspec.Meta(min_length=1)]
    parameters: Amount
    activations: Amount
    workspace: Amount
    inputs: Amount = 0.0
    dropped: Amount = 0.0
    notes: tuple[str, ...] = ()

    @cached_property
    def _batches(self) -> dict[int, tuple[Op, ...]]:
        return {}


class Work(msgspec.Struct, frozen=True):
    """What one run of an op computes and moves: FLOP, and elements."""

    flops: float
    reads: float
    writes: float
    weights: float

    @property
    def elements(self) -> float:
        """All elements that are read or written."""
        return self.reads + self.writes + self.weights


def scaled(op: Op, batch: int) -> Op:
    """Return the op as it runs on ``batch`` samples at once."""
    if batch == 1 or op.once:
        return op
    name = _BATCHED.get(op.op)
    if op.op == "gemm":
        name = "m" if op.weights else "batch"
    shape = {**op.shape, name: op.shape.get(name, 1) * batch} if name else op.shape
    flops = None if op.flops is None else op.flops * batch
    return msgspec.structs.replace(
        op, shape=shape, reads=op.reads * batch, writes=op.writes * batch, flops=flops
    )


def batched(graph: OpGraph, batch: int) -> tuple[Op, ...]:
    """Return the ops of a graph as they run on ``batch`` samples; the graph remembers them."""
    known = graph._batches  # noqa: SLF001 - kept for this function alone
    if batch not in known:
        known[batch] = tuple(scaled(op, batch) for op in graph.ops)
    return known[batch]


def trained(op: Op) -> Op:
    """Return the op as it runs in a network that trains: a batch norm takes its statistics anew."""
    if op.kernel != "batch_norm":
        return op
    return msgspec.structs.replace(op, kernel="batch_norm_training")


# Going backward these hand on their gradient, or parts of it, as it lies: a view, and no work.
_VIEWED = {"cat", "clone", "stack"}


def viewed(op: Op, *, backward: bool) -> bool:
    """Say whether a pass through an op moves nothing, so that there is nothing to time."""
    return backward and op.kernel in _VIEWED


_BATCHED = {"conv": "n", "attention": "batch", "recurrent": "n"}


def work(op: Op) -> Work:
    """Say what one run of the op computes and moves (``count`` is not multiplied in)."""
    return op._work  # noqa: SLF001 - the op remembers it for this function alone


def _gemm(op: Op) -> Work:
    m, n, k = (op.shape[name] for name in ("m", "n", "k"))
    batch = op.shape.get("batch", 1)
    right = 0.0 if op.weights else 1.0 * batch * k * n
    return Work(
        2.0 * batch * m * n * k, 1.0 * batch * m * k + right, 1.0 * batch * m * n, op.weights
    )


# Torch's names of the pools that go over windows.
WINDOWED = {"max_pool2d_with_indices", "max_pool3d_with_indices",
            "avg_pool1d", "avg_pool2d", "avg_pool3d"}  # fmt: skip


def window(op: Op) -> int:
    """Return how many places a pool looks at for one of its output; 0 where it has no windows."""
    sides = (op.shape.get(side, 1) for side in ("t", "r", "s"))
    return math.prod(sides) if op.kernel in WINDOWED else 0


def conv_output(shape: dict[str, int]) -> tuple[int, int]:
    """Return height and width of a convolution's output."""
    return extent(shape, "h", "r", ""), extent(shape, "w", "s", "_w")


def extent(shape: dict[str, int], size: str, kernel: str, suffix: str) -> int:
    """Return one side of a convolution's output: of that size and kernel, strides by suffix."""
    stride, padding, dilation = (
        shape.get(name + suffix, shape.get(name, default))
        for name, default in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    reach = dilation * (shape[kernel] - 1) + 1
    if shape.get("transposed"):
        return (shape[size] - 1) * stride - 2 * padding + reach
    return (shape[size] + 2 * padding - reach) // stride + 1


def _conv(op: Op) -> Work:
    shape = op.shape
    n, c, k = shape.get("n", 1), shape["c"], shape["k"]
    high, wide = conv_output(shape)
    window = shape["r"] * shape["s"] / shape.get("groups", 1)
    places = shape["h"] * shape["w"] if shape.get("transposed") else high * wide
    weights = op.weights or c * k * window
    return Work(
        2.0 * n * c * k * window * places,
        1.0 * n * c * shape["h"] * shape["w"],
        1.0 * n * k * high * wide,
        weights,
    )


def _attention(op: Op) -> Work:
    shape = op.shape
    heads, queries, keys, d = (shape[name] for name in ("heads", "q", "kv", "d"))
    batch, kv_heads = shape.get("batch", 1), shape.get("kv_heads", heads)
    # A causal kernel skips the pairs above the diagonal.
    seen = (keys - (queries - 1) / 2) if shape.get("causal") else keys
    return Work(
        4.0 * batch * heads * queries * seen * d,
        1.0 * batch * d * (heads * queries + 2 * kv_heads * keys),
        1.0 * batch * d * heads * queries,
        0.0,
    )


def _recurrent(op: Op) -> Work:
    n, steps, inputs, hidden, gates = (
        op.shape.get(name, 1) for name in ("n", "steps", "input", "hidden", "gates")
    )
    matrix = 1.0 * gates * hidden * (inputs + hidden)
    return Work(
        2.0 * n * steps * matrix,
        1.0 * n * steps * (inputs + gates * hidden),
        1.0 * n * steps * (1 + gates) * hidden,
        op.weights or matrix,
    )


_COUNTERS = {"gemm": _gemm, "conv": _conv, "attention": _attention, "recurrent": _recurrent}


def op_class(op: Op) -> str:
    """Name the class whose constants and measured points speak for an op."""
    if op.op == "conv":
        return _conv_class(op.shape)
    if op.op == "gemm":
        return "gemm" if op.weights else "bmm"
    return "special" if op.op == "elementwise" and op.kernel.strip("_") in SPECIAL else op.op


# Elementwise kernels that evaluate a transcendental function for each element.
SPECIAL = {
    "gelu",
    "silu",
    "sigmoid",
    "tanh",
    "exp",
    "log",
    "sin",
    "cos",
    "pow",
    "softplus",
    "mish",
    "erf",
}


def _conv_class(shape: dict[str, int]) -> str:
    groups = shape.get("groups", 1)
    if groups > 1 and groups == shape["c"]:
        return "depthwise"
    return "pointwise" if shape["r"] == shape["s"] == 1 and groups == 1 else "conv"
