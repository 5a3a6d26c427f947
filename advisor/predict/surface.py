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
# What repeated timings of one op differ by at best (prediction on a shared machine, 2 %..6 %).
NOISE = 0.06


class Sample(NamedTuple):
    """A timed op: where it lies, its kernel, ln(seconds / roofline), and the noise of that."""

    at: tuple[float, ...]
    kernel: str
    backward: bool
    residual: float
    noise: float


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
    op: Op, samples: Sequence[Sample], prior: float, *, backward: bool = False
) -> Correction:
    """Predict an op's distance from the roofline, a priori 0 ± ``prior``, from timed neighbours."""
    here = Sample(position(op), op.kernel, backward, 0.0, 0.0)
    chosen = sorted((_distance(here, one), i) for i, one in enumerate(samples))[:NEAREST]
    points = [samples[i] for _, i in chosen]
    variance = prior * prior
    towards = [variance * math.exp(-square / 2) for square, _ in chosen]
    if not towards or towards[0] < 1e-3 * variance:
        return Correction(0.0, prior)
    lower = [
        [variance * math.exp(-_distance(a, b) / 2) for b in points[:i]]
        + [variance + a.noise * a.noise]
        for i, a in enumerate(points)
    ]
    weights = solve(lower, towards)
    residual = sum(weight * point.residual for weight, point in zip(weights, points, strict=True))
    left = variance - sum(w * t for w, t in zip(weights, towards, strict=True))
    return Correction(residual, math.sqrt(max(left, NOISE * NOISE)))


def _distance(one: Sample, other: Sample) -> float:
    """Return the squared distance in lengths."""
    square = (math.dist(one.at, other.at) / _LENGTH) ** 2
    square += _OTHER_DIRECTION * (one.backward != other.backward)
    return square + _OTHER_KERNEL * (one.kernel != other.kernel)
