"""The surface between timed ops: how far an op's neighbours were off the roofline.

A small Gaussian process over the logarithms of the sizes, solved for the nearest points alone.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

from advisor.operation import Op, conv_output, work
from advisor.predict.solve import solve

# Points further away than the nearest dozen change a prediction by less than their noise.
NEAREST = 8
# One length of the process is a factor of four in a size; another kernel is two lengths away.
_LENGTH = 2.0
_OTHER_KERNEL = 4.0
# Backward runs kernels like those of forward: one length away.
_OTHER_DIRECTION = 1.0
# Neighbours that are less alike than this say nothing of an op.
_APART = 1e-3
# What repeated timings of one op differ by at best (prediction on a shared machine, 2 %..6 %).
NOISE = 0.06


class Place(NamedTuple):
    """Where an op lies: its sizes, its kernel, its direction."""

    at: tuple[float, ...]
    kernel: str
    backward: bool


class Sample(NamedTuple):
    """What was timed at a place: ln(seconds / roofline), and the noise of that."""

    residual: float
    noise: float


class Ground:
    """The places where ops of one class were timed.

    How alike they are does not change with what is asked of them, and is worked out once.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        """Keep the places; samples are given in their order."""
        self._places = tuple(places)
        self._near: dict[tuple[bytes, bool], tuple[tuple[int, ...], list[float]]] = {}
        self._alike: dict[tuple[int, ...], list[list[float]]] = {}

    def near(self, op: Op, *, backward: bool) -> tuple[tuple[int, ...], list[float]]:
        """Return the places nearest to an op, in ascending order, and how alike each is to it."""
        key = (op.key, backward)
        if key not in self._near:
            here = Place(position(op), op.kernel, backward)
            squares = [_distance(here, one) for one in self._places]
            chosen = sorted(range(len(squares)), key=squares.__getitem__)[:NEAREST]
            chosen.sort()
            self._near[key] = tuple(chosen), [math.exp(-squares[i] / 2) for i in chosen]
        return self._near[key]

    def alike(self, chosen: tuple[int, ...]) -> list[list[float]]:
        """Return how alike places are to one another: the lower triangle, without its diagonal."""
        if chosen not in self._alike:
            places = [self._places[i] for i in chosen]
            self._alike[chosen] = [
                [math.exp(-_distance(one, other) / 2) for other in places[:i]]
                for i, one in enumerate(places)
            ]
        return self._alike[chosen]


class Correction(NamedTuple):
    """ln of the factor on the roofline, and the standard deviation that is left."""

    residual: float
    spread: float


def position(op: Op) -> tuple[float, ...]:
    """Return the logarithms (base 2) of the sizes that an op's efficiency may depend on."""
    return tuple(math.log2(max(size, 1e-3)) for size in _sizes(op))


def _sizes(op: Op) -> tuple[float, ...]:
    shape = op.shape
    if op.op == "gemm":
        return shape["m"], shape["n"], shape["k"], shape.get("batch", 1)
    if op.op == "conv":
        high, wide = conv_output(shape)
        groups = shape.get("groups", 1)
        places = shape.get("n", 1) * high * wide
        window = shape["r"] * shape["s"]
        return (
            places,
            shape["c"] / groups,
            shape["k"] / groups,
            window,
            groups,
            shape.get("stride", 1),
        )
    if op.op == "attention":
        heads = shape.get("batch", 1) * shape["heads"]
        return heads, shape["q"], shape["kv"], shape["d"]
    if op.op == "recurrent":
        return tuple(shape.get(name, 1) for name in ("n", "steps", "input", "hidden"))
    done = work(op)
    if op.op == "optimizer":
        tensors = shape.get("n", 1)
        return done.weights / tensors, tensors
    return done.reads + done.weights, max(done.writes, 1.0)


def correction(
    op: Op, ground: Ground, samples: Sequence[Sample], prior: float, *, backward: bool = False
) -> Correction:
    """Predict an op's distance from the roofline, a priori 0 ± ``prior``, from timed neighbours."""
    chosen, likeness = ground.near(op, backward=backward)
    if max(likeness, default=0.0) < _APART:
        return Correction(0.0, prior)
    points = [samples[i] for i in chosen]
    variance = prior * prior
    towards = [variance * alike for alike in likeness]
    lower = [
        [*(variance * alike for alike in row), variance + point.noise * point.noise]
        for row, point in zip(ground.alike(chosen), points, strict=True)
    ]
    weights = solve(lower, towards)
    residual = sum(weight * point.residual for weight, point in zip(weights, points, strict=True))
    left = variance - sum(w * t for w, t in zip(weights, towards, strict=True))
    return Correction(residual, math.sqrt(max(left, NOISE * NOISE)))


def _distance(one: Place, other: Place) -> float:
    """Return the squared distance in lengths."""
    square = (math.dist(one.at, other.at) / _LENGTH) ** 2
    square += _OTHER_DIRECTION * (one.backward != other.backward)
    return square + _OTHER_KERNEL * (one.kernel != other.kernel)
