"""Ops of networks in random shapes, forward and backward: the surface that predictions read."""

import math
from collections.abc import Callable, Iterator, Sequence
from random import Random

import msgspec

from advisor.bench.hands import Hands
from advisor.bench.kernels import callable_of
from advisor.bench.task import POINT_SECONDS, Place, Ready, Site, Task
from advisor.conditions import conditions_of, timed_op
from advisor.machine import Gap
from advisor.measurement import Measurement
from advisor.operation import Op, OpKind, trained, viewed, work

TITLE = "operations of networks in random shapes, forward and backward"
TORCH = True

SEED = 20260101
_COLOURS = 3
# Points beyond these say little more, whatever the machine.
_MOST_FLOPS, _MOST_ELEMENTS, _MOST_OPTIMIZED = 2e9, 16e6, 50e6


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan every random op in fp32, the larger half of the classes that train backward as well."""
    for place in site.places:
        if "fp32" in place.dtypes:
            for op, backward in points(Random(SEED)):  # noqa: S311 - not for secrets
                yield task_of(op, place, "fp32", backward=backward)


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing: the predictor reads the points."""
    return iter(())


def task_of(op: Op, place: Place, dtype: str, *, backward: bool) -> Task:
    """Return the task that times one run of an op."""
    return Task(
        benchmark="ops",
        name="op",
        device=place.device,
        torch=place.torch,
        hardware=place.hardware,
        dtype=dtype,
        unit="s",
        conditions=conditions_of(op, backward=backward),
        bytes=int(4 * work(op).elements),
        rank=1,
        batch_seconds=POINT_SECONDS,
        washed=place.torch == "cpu",
        trains=backward or op.op == "optimizer",
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Build the op that the conditions describe."""
    op = timed_op(task.conditions)
    backward = bool(task.conditions["backward"])
    call = callable_of(op, hands, task.dtype or "fp32", task.torch or "cpu", backward=backward)
    return Ready(call=call)


def points(random: Random) -> list[tuple[Op, bool]]:
    """Draw ops in the shapes that networks have, each class as often as it decides.

    They are shuffled: where the time ends early, no class is left without points.
    """
    found = [(op, back) for op in _SMALL for back in (False, True)]
    for draw, forward, backward in _CLASSES:
        ops = [_bounded(draw, random) for _ in range(forward)]
        found += [(op, False) for op in ops]
        found += [(_backward(op), True) for op in ops[:backward]]
    unlike = [point for i, point in enumerate(found) if point not in found[:i]]
    moving = [(op, back) for op, back in unlike if not viewed(op, backward=back)]
    random.shuffle(moving)
    return moving


def _backward(op: Op) -> Op:
    """Return an op as it goes backward; what takes a picture itself has no gradient to hand on."""
    if op.op == "conv" and op.shape["c"] <= _COLOURS:
        return msgspec.structs.replace(op, kernel="leaf")
    return trained(op)


def _bounded(draw: Callable[[Random], Op], random: Random) -> Op:
    while True:
        op = draw(random)
        done = work(op)
        most = _MOST_OPTIMIZED if op.op == "optimizer" else _MOST_ELEMENTS
        if done.flops <= _MOST_FLOPS and done.elements <= most:
            return op


def _log(random: Random, low: int, high: int, step: int = 1) -> int:
    """Draw evenly over the logarithm, in multiples of ``step``."""
    value = low * math.exp(math.log(high / low) * random.random())
    return max(round(value / step) * step, step)


def _linear(random: Random) -> Op:
    n, k = _log(random, 32, 5000, 8), _log(random, 32, 5000, 8)
    m = random.choice((1, 4, 8, 49, 64, 128, 197, 256, 512, 1024, 2048))
    return Op(op="gemm", kernel="linear", shape={"m": m, "n": n, "k": k}, weights=1.0 * n * k + n)


def _bmm(random: Random) -> Op:
    m, n = _log(random, 16, 512), _log(random, 16, 512)
    shape = {"m": m, "n": n, "k": _log(random, 16, 128, 8), "batch": _log(random, 1, 96)}
    return Op(op="gemm", kernel="matmul", shape=shape)


def _conv(window: tuple[int, ...], *, deep: bool = False) -> Callable[[Random], Op]:
    def draw(random: Random) -> Op:
        side, r = random.choice((7, 14, 14, 28, 28, 56, 112)), random.choice(window)
        # Networks are the wider the smaller their maps: 56 × 56 × 256 down to 7 × 7 × 2048.
        widest = min(max(16_384 // side, 64), 2048)
        c, k = _log(random, 24, widest, 8), _log(random, 24, widest, 8)
        shape = {"n": random.choice((1, 1, 2, 8, 8)), "c": c, "h": side, "w": side, "k": k}
        shape |= {"r": r, "s": r, "stride": random.choice((1, 1, 1, 2)), "padding": r // 2}
        if deep:
            shape |= {"k": c, "groups": c}
        return Op(op="conv", kernel="convolution", shape=shape)

    return draw


def _stem(random: Random) -> Op:
    side, r = random.choice((32, 64, 128, 224)), random.choice((3, 7, 16))
    shape = {"n": random.choice((1, 8)), "c": random.choice((1, 3)), "h": side, "w": side}
    shape |= {"k": _log(random, 16, 128, 8), "r": r, "s": r, "stride": 2 if r < 16 else 16}
    return Op(op="conv", kernel="convolution", shape=shape | {"padding": r // 2 if r < 16 else 0})


def _sequence_conv(random: Random) -> Op:
    c, r = _log(random, 32, 512, 8), random.choice((3, 5, 31))
    shape = {
        "n": random.choice((1, 8)),
        "c": c,
        "h": 1,
        "w": _log(random, 50, 2000),
        "k": c,
        "r": 1,
    }
    shape |= {"s": r, "padding": 0, "padding_w": r // 2}
    return Op(op="conv", kernel="convolution", shape=shape)


def _attention(random: Random) -> Op:
    length = random.choice((16, 64, 128, 197, 512))
    shape = {"batch": random.choice((1, 1, 8)), "heads": random.choice((4, 8, 12))}
    shape |= {
        "q": random.choice((length, length, 1)),
        "kv": length,
        "d": random.choice((32, 64, 128)),
    }
    return Op(op="attention", shape=shape)


def _recurrent(random: Random) -> Op:
    shape = {"n": random.choice((1, 8)), "steps": random.choice((16, 35, 100))}
    shape |= {"input": _log(random, 32, 700, 8), "hidden": _log(random, 64, 700, 8)}
    kernel, gates = random.choice((("lstm", 4), ("gru", 3)))
    weights = 1.0 * gates * shape["hidden"] * (shape["input"] + shape["hidden"] + 2)
    return Op(op="recurrent", kernel=kernel, shape={**shape, "gates": gates}, weights=weights)


_NORMS = (("batch_norm", 4), ("batch_norm_training", 4), ("layer_norm", 2), ("group_norm", 2))


def _norm(random: Random) -> Op:
    kernel, tensors = random.choice(_NORMS)
    width = _log(random, 32, 1024, 32)
    count = 1.0 * width * _log(random, 8, 8000)
    return Op(op="norm", kernel=kernel, reads=count, writes=count, weights=1.0 * tensors * width)


def _optimizer(kernel: str, moved: int, kept: int) -> Callable[[Random], Op]:
    def draw(random: Random) -> Op:
        tensors, each = random.choice((2, 8, 32)), random.choice((2_000, 40_000, 1_000_000))
        count = 1.0 * tensors * each
        return Op(
            op="optimizer", kernel=kernel, shape={"n": tensors},
            reads=moved * count, writes=kept * count, weights=count,
        )  # fmt: skip

    return draw


def _moving(kind: OpKind, kernels: tuple[str, ...], reads: float = 1.0) -> Callable[[Random], Op]:
    def draw(random: Random) -> Op:
        count = 1.0 * _log(random, 2000, 6_000_000, 512)
        kernel = random.choice(kernels)
        ratio = 2.0 if kernel in {"add", "mul"} else reads
        return Op(op=kind, kernel=kernel, reads=ratio * count, writes=count)

    return draw


def _enlarged(random: Random) -> Op:
    count = 1.0 * _log(random, 4000, 500_000, 64)
    kernel = random.choice(("upsample_nearest2d", "upsample_bilinear2d"))
    return Op(op="copy", kernel=kernel, reads=count, writes=4 * count)


def _windows(random: Random) -> Op:
    """Draw a pool between stages: of maps as they are after a stem, or of the averaging kind."""
    kernel = random.choice(("max_pool2d_with_indices", "max_pool2d_with_indices", "avg_pool2d"))
    side, r = random.choice((14, 28, 56, 112)), random.choice((2, 3))
    shape = {"c": _log(random, 32, 128, 8), "h": side, "w": side, "r": r, "s": r}
    shape |= {"stride": 2, "padding": r // 3}
    reads, out = 1.0 * shape["c"] * side * side, 1.0 * shape["c"] * (side // 2) ** 2
    return Op(op="pool", kernel=kernel, shape=shape, reads=reads, writes=out)


def _small(kind: OpKind, kernel: str, reads: int, weights: int = 0) -> Op:
    return Op(op=kind, kernel=kernel, reads=1.0 * reads, writes=512.0, weights=1.0 * weights)


# What is drawn is rarely so small that starting a kernel is all that it takes.
_SMALL = (
    _small("pool", "mean", 49 * 512),
    _small("softmax", "softmax", 512),
    _small("norm", "layer_norm", 512, 2 * 64),
    _small("embedding", "embedding", 512),
    _small("copy", "clone", 512),
    _small("elementwise", "add", 1024),
    _small("elementwise", "tanh", 512),
    Op(op="gemm", kernel="linear", shape={"m": 1, "n": 64, "k": 64}, weights=65.0 * 64),
    Op(op="gemm", kernel="matmul", shape={"m": 16, "n": 16, "k": 16}),
    Op(op="attention", shape={"heads": 4, "q": 16, "kv": 16, "d": 32}),
)


# (draw, forward points, how many of them backward as well). Convolutions and products take three
# quarters of the time of most networks; the moving kinds depend on little but their size.
_CLASSES: tuple[tuple[Callable[[Random], Op], int, int], ...] = (
    (_linear, 24, 10),
    (_bmm, 8, 2),
    (_conv((3,)), 30, 14),
    (_conv((1,)), 24, 10),
    (_conv((3, 3, 5, 7), deep=True), 14, 6),
    (_stem, 6, 2),
    (_sequence_conv, 5, 2),
    (_attention, 10, 4),
    (_recurrent, 8, 4),
    (_norm, 16, 10),
    (_moving("softmax", ("softmax",)), 4, 2),
    (_moving("elementwise", ("add", "mul", "relu", "relu_")), 14, 6),
    (_moving("elementwise", ("gelu", "silu", "sigmoid", "tanh")), 8, 4),
    (_windows, 4, 2),
    (_moving("pool", ("mean",), 49.0), 2, 1),
    (_moving("copy", ("clone",)), 3, 2),
    (_moving("copy", ("cat",)), 3, 0),
    (_moving("copy", ("zeros",), 0.0), 2, 0),
    (_moving("embedding", ("embedding",)), 3, 2),
    (_optimizer("sgd", 1, 1), 3, 0),
    (_optimizer("momentum", 4, 3), 4, 0),
    (_optimizer("adam", 11, 7), 4, 0),
    (_moving("embedding", ("gather",)), 2, 1),
    (_moving("elementwise", ("cumsum",)), 2, 1),
    (_moving("elementwise", ("bernoulli_",)), 2, 0),
    (_enlarged, 2, 1),
)
