"""Ops as callables: the torch call that runs an op of a given shape, forward or backward."""

import inspect
import math
from collections.abc import Callable
from functools import partial
from typing import Any
from zlib import crc32

from advisor.bench.convolutions import convolution
from advisor.bench.hands import Hands
from advisor.bench.pools import pool
from advisor.bench.scans import BUILDERS
from advisor.bench.task import TaskError
from advisor.operation import Op

Call = Callable[[], object]
# Rows of a table that is gathered from: larger than a cache level, small beside memory.
_TABLE_ROWS = 20_000
# Elements of the pools that operands are taken from: more than caches keep, so that one op does not
# leave another's weights there; operands begin at a cache line.
_POOL, _LINE = 2**24, 16
_GROUPS = 32


class Maker:
    """Makes tensors for one op on one device, gradients wanted or not."""

    def __init__(self, op: Op, hands: Hands, dtype: str, device: str, *, backward: bool) -> None:
        """Keep what every kernel asks for; each op has its own place in the pools."""
        self._start = crc32(repr(op).encode()) % _POOL
        self.torch = hands.torch
        self.functional = hands.torch.nn.functional
        self.backward = backward
        self.device = device
        self.learned: list[Any] = []
        self._hands = hands
        self._dtype = dtype

    def tensor(self, *shape: int) -> Any:
        """Return seeded normals of a shape; a leaf with gradients where the backward is timed."""
        role = f"operand {len(self.learned)}"
        count = math.prod(shape)
        start = self._start % max(_POOL - count, 1) // _LINE * _LINE
        pool = self._hands.normal(role, max(start + count, _POOL), self._dtype, self.device)
        made = pool[start : start + count].view(shape)
        if self.backward:  # what is kept for the backward pass must not be written by other ops
            made = made.clone().requires_grad_()
        self.learned.append(made)
        return made

    def given(self, op: Op, *shape: int) -> Any:
        """Return what goes in: a ``leaf`` is a network's own input, which needs no gradient."""
        made = self.tensor(*shape)
        return made.detach() if op.kernel == "leaf" else made

    def like(self, out: Any) -> Any:
        """Return seeded normals that lie in memory as an output does: what is handed back to it."""
        made = self.torch.empty_like(out, requires_grad=False)
        drawn = self._hands.normal("gradient", made.numel(), self._dtype, self.device)
        return made.copy_(drawn.view(made.shape))

    def dtype(self) -> Any:
        """Return torch's own value of the dtype."""
        return self._hands.dtype(self._dtype)


def callable_of(op: Op, hands: Hands, dtype: str, device: str, *, backward: bool = False) -> Call:
    """Return a call that runs the op once in its full shape; its output is allocated anew.

    ``backward`` runs the backward pass alone, of a forward pass that was kept.
    """
    maker = Maker(op, hands, dtype, device, backward=backward)
    build = BUILDERS.get(op.kernel.strip("_")) or _BUILDERS.get(op.op, _elementwise)
    if not backward:
        return build(op, maker)
    torch = hands.torch
    with torch.enable_grad():
        found: Any = build(op, maker)()
        out = found[0] if isinstance(found, tuple) else found
    if out.grad_fn is None:
        raise TaskError("it has no gradient")
    wanted = [one for one in maker.learned if one.requires_grad]
    given = maker.like(out)
    if op.kernel == "add":  # its gradient is handed on; where two meet, they are added
        return lambda: torch.add(given, given)
    if _alone(out.grad_fn):
        # A group norm's node has a gradient for its mean and variance as well.
        rest = (None, None) if out.grad_fn.name() == "NativeGroupNormBackward0" else ()
        return lambda: out.grad_fn(given, *rest)
    return lambda: torch.autograd.grad(out, wanted, given, retain_graph=True, allow_unused=True)


def _alone(node: Any) -> bool:
    """Say whether one node is all of a backward pass: it can be called without the engine.

    What the engine adds to a call from outside (10 to 25 µs) is no part of a network's step.
    """
    after = [found.name() for found, _ in node.next_functions if found is not None]
    return all(name.endswith(("AccumulateGrad", "TBackward0")) for name in after)


def _gemm(op: Op, maker: Maker) -> Call:
    m, n, k = (op.shape[name] for name in ("m", "n", "k"))
    batch = op.shape.get("batch", 1)
    if not op.weights:
        left, right = maker.tensor(batch, m, k), maker.tensor(batch, k, n)
        return lambda: maker.torch.bmm(left, right)
    x, w = maker.given(op, m, k), maker.tensor(n, k)
    bias = maker.tensor(n) if op.weights > n * k else None
    return lambda: maker.functional.linear(x, w, bias)


def _attention(op: Op, maker: Maker) -> Call:
    shape = op.shape
    batch, heads, d = shape.get("batch", 1), shape["heads"], shape["d"]
    kv_heads = shape.get("kv_heads", heads)
    q = maker.tensor(batch, heads, shape["q"], d)
    k, v = (maker.tensor(batch, kv_heads, shape["kv"], d) for _ in range(2))
    options = {"is_causal": bool(shape.get("causal")), "enable_gqa": kv_heads != heads}
    return lambda: maker.functional.scaled_dot_product_attention(q, k, v, **options)


def _recurrent(op: Op, maker: Maker) -> Call:
    shape, torch = op.shape, maker.torch
    classes = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU}
    layer = classes.get(op.kernel, torch.nn.RNN)(
        shape["input"], shape["hidden"], batch_first=True, device=maker.device, dtype=maker.dtype()
    )
    x = maker.tensor(shape.get("n", 1), shape.get("steps", 1), shape["input"])
    maker.learned.extend(layer.parameters())
    return lambda: layer(x)


def _norm(op: Op, maker: Maker) -> Call:
    count, functional = int(op.reads), maker.functional
    if op.kernel == "layer_norm":
        width = max(int(op.weights) // 2, 1)
        x, w, b = maker.tensor(count // width, width), maker.tensor(width), maker.tensor(width)
        return lambda: functional.layer_norm(x, (width,), w, b)
    if "rms" in op.kernel:
        width = max(int(op.weights), 1)
        x, w = maker.tensor(count // width, width), maker.tensor(width)
        return lambda: functional.rms_norm(x, (width,), w)
    if op.kernel == "group_norm":
        width = max(int(op.weights) // 2, _GROUPS)
        x, w, b = maker.tensor(1, width, count // width), maker.tensor(width), maker.tensor(width)
        return lambda: functional.group_norm(x, math.gcd(_GROUPS, width), w, b)
    width = max(int(op.weights) // 4, 1)
    x, w, b = maker.tensor(1, width, count // width), maker.tensor(width), maker.tensor(width)
    with maker.torch.no_grad():
        mean, variance = (maker.torch.full_like(w, value) for value in (0.0, 1.0))
    # Training normalizes by the batch; so does its backward pass.
    anew = maker.backward or op.kernel == "batch_norm_training"
    return lambda: functional.batch_norm(x, mean, variance, w, b, anew)


def _softmax(op: Op, maker: Maker) -> Call:
    count = int(op.reads)
    width = math.gcd(count, 512)
    x = maker.tensor(count // width, width)
    return lambda: maker.torch.softmax(x, -1)


def _copy(op: Op, maker: Maker) -> Call:
    count = max(int(op.writes), 1)
    if op.kernel in {"cat", "stack"}:
        halves = [maker.tensor(max(count // 2, 1)) for _ in range(2)]
        return lambda: maker.torch.cat(halves)
    if op.kernel == "zeros":
        options = {"dtype": maker.dtype(), "device": maker.device}
        return lambda: maker.torch.zeros(count, **options)
    # A transposed view made whole, as around attention: runs of 64 elements stay together.
    run = math.gcd(count, 64)
    rows = math.gcd(count // run, 8)
    x = maker.tensor(rows, count // run // rows, run).transpose(0, 1)
    return lambda: x.clone(memory_format=maker.torch.contiguous_format)


def _embedding(op: Op, maker: Maker) -> Call:
    torch, width = maker.torch, math.gcd(max(int(op.writes), 1), 64)
    bags = int(op.writes) // width
    words = max(round(op.reads / op.writes), 1) if op.kernel == "embedding_bag" else 1
    # Backward the table's gradient is filled with zeros: in a network that is an op of its own.
    rows = min(bags * words, _TABLE_ROWS) if maker.backward else _TABLE_ROWS
    table = maker.tensor(rows, width)
    step = 7919  # a prime: rows that are gathered lie apart
    index = torch.arange(bags * words, device=maker.device) * step % rows
    if op.kernel != "embedding_bag":
        return lambda: maker.functional.embedding(index, table)
    starts = torch.arange(bags, device=maker.device) * words
    return lambda: torch.embedding_bag(table, index, starts, mode=1)  # the mean, as is usual


def _optimizer(op: Op, maker: Maker) -> Call:
    torch, tensors = maker.torch, op.shape.get("n", 1)
    each = max(int(op.weights) // tensors, 1)
    weights, gradients = (maker.tensor(tensors * each).split(each) for _ in range(2))
    # Written in place as they are: a bare step does not turn gradients off by itself.
    learned = [torch.nn.Parameter(one.clone(), requires_grad=False) for one in weights]
    # Square roots of nought take five times as long as others (MKL 2025 on an AMD EPYC).
    made = torch.zeros_like if op.shape.get("sparse") else torch.clone
    for one, gradient in zip(learned, gradients, strict=True):
        one.grad = made(gradient)
    if op.kernel == "adam":
        return _bare(torch.optim.Adam(learned, lr=1e-6))
    momentum = 0.9 if op.kernel == "momentum" else 0.0
    return _bare(torch.optim.SGD(learned, lr=1e-6, momentum=momentum))


def _bare(optimizer: Any) -> Call:
    """Return a step without what torch wraps around it (8 to 11 µs).

    A network's step pays that once, however many sizes of tensors it is timed in.
    """
    return partial(inspect.unwrap(type(optimizer).step), optimizer)


_UNARY = ("relu", "gelu", "silu", "sigmoid", "tanh", "exp", "log", "sin", "cos", "sqrt", "rsqrt")
_MORE_UNARY = (
    "abs",
    "neg",
    "hardtanh",
    "hardswish",
    "hardsigmoid",
    "softplus",
    "leaky_relu",
    "erf",
)


def _elementwise(op: Op, maker: Maker) -> Call:
    name, count = op.kernel.strip("_"), max(int(op.writes), 1)
    x = maker.tensor(count)
    if name in (*_UNARY, *_MORE_UNARY):
        in_place = op.kernel.endswith("_") and not maker.backward
        found = getattr(maker.torch, name, None) or getattr(maker.functional, name)
        if in_place and name == "relu":
            return lambda: maker.torch.relu_(x)
        return lambda: found(x)
    if op.reads >= 1.9 * op.writes:
        y = maker.tensor(count)
        call = maker.torch.mul if name == "mul" else maker.torch.add
        return lambda: call(x, y)
    return lambda: maker.torch.mul(x, 1.5)


_BUILDERS: dict[str, Callable[[Op, Maker], Call]] = {
    "gemm": _gemm,
    "conv": convolution,
    "attention": _attention,
    "recurrent": _recurrent,
    "norm": _norm,
    "softmax": _softmax,
    "pool": pool,
    "copy": _copy,
    "embedding": _embedding,
    "optimizer": _optimizer,
}
