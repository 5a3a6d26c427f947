"""What all timed ops of a class have in common: their level off the roofline, and its slope.

A Bayesian linear regression of ln(timed / roofline) on the size of an op, its kernel and its
direction. Far from every timed op it stands where a surface of neighbours has nothing to say.
"""

import math
from collections.abc import Iterable, Sequence
from operator import mul
from typing import NamedTuple

from advisor.operation import Op, work
from advisor.predict.solve import Lower, factor, halfway, solve

# A priori deviations (in ln): of a class's level on a machine never seen (efficiencies within a
# class spread by e^0.5 to e^0.8), of a kernel or direction from its class, of the level when an op
# is twice as large.
_LEVEL, _KERNEL, _DIRECTION, _SLOPE = 0.8, 0.5, 0.3, 0.1
# Ops larger than all that were timed keep the level of the largest.
_BEYOND = 0.0
# As many ops as the constants' own spread counts for beside that of the timed ones.
_PRIOR_OPS = 5.0
_COMPUTING = {"gemm", "conv", "attention", "recurrent"}


class Trait(NamedTuple):
    """What of an op its level may depend on: log2 of its size, its kernel, its direction."""

    size: float
    kernel: str
    backward: bool


def trait(op: Op, *, backward: bool) -> Trait:
    """Read the traits of an op: FLOP where it computes, else elements."""
    done = work(op)
    size = done.flops if op.op in _COMPUTING and done.flops else done.elements
    return Trait(math.log2(max(size, 1.0)), op.kernel, backward)


class Trend(NamedTuple):
    """A fitted regression; ``spread`` is what single ops are off it by.

    ``root`` is the lower triangle of the weights' precision.
    """

    kernels: tuple[str, ...]
    middle: float
    largest: float
    root: Lower
    weights: list[float]
    spread: float

    def level(self, where: Trait) -> float:
        """Return the level for an op."""
        return math.fsum(map(mul, self.weights, self._row(where)))

    def at(self, where: Trait) -> tuple[float, float]:
        """Return the level for an op, and its standard deviation."""
        row = self._row(where)
        level = math.fsum(map(mul, self.weights, row))
        doubt = sum(part * part for part in halfway(self.root, row))
        if where.kernel not in self.kernels:
            doubt += _KERNEL * _KERNEL
        return level, math.sqrt(max(doubt, 0.0))

    def _row(self, where: Trait) -> list[float]:
        return _row(where, self.kernels, self.middle, self.largest)


def _row(where: Trait, kernels: Sequence[str], middle: float, largest: float) -> list[float]:
    size = min(where.size, largest + _BEYOND) - middle
    return [1.0, size, float(where.backward), *(float(where.kernel == k) for k in kernels)]


class Seen(NamedTuple):
    """The level of a timed op, and the standard deviation of its timing."""

    where: Trait
    level: float
    noise: float


def fit(points: Sequence[Seen], spread: float) -> Trend:
    """Fit the levels of timed ops; ``spread`` is what ops of the class differ by a priori.

    The noisier a timing, the less it counts.
    """
    kernels = tuple(sorted({seen.where.kernel for seen in points}))
    sizes = [seen.where.size for seen in points]
    middle = sum(sizes) / len(sizes) if sizes else 0.0
    largest = max(sizes, default=0.0)
    rows = [_row(seen.where, kernels, middle, largest) for seen in points]
    levels = [seen.level for seen in points]
    shares = [1 / (1 + (seen.noise / spread) ** 2) for seen in points]
    priors = [_LEVEL, _SLOPE, _DIRECTION, *[_KERNEL] * len(kernels)]
    noise = spread * spread
    precision = [
        [
            sum(share * row[i] * row[j] for share, row in zip(shares, rows, strict=True)) / noise
            + (priors[i] ** -2 if i == j else 0.0)
            for j in range(len(priors))
        ]
        for i in range(len(priors))
    ]
    right = [
        sum(s * r[i] * y for s, r, y in zip(shares, rows, levels, strict=True)) / noise
        for i in range(len(priors))
    ]
    weights = solve(precision, right)
    left = _left(rows, levels, weights)
    total = _PRIOR_OPS * noise + sum(s * one * one for s, one in zip(shares, left, strict=True))
    kept = math.sqrt(total / (_PRIOR_OPS + sum(shares)))
    return Trend(kernels, middle, largest, factor(precision), weights, kept)


def _left(
    rows: Iterable[Sequence[float]], levels: Iterable[float], weights: Sequence[float]
) -> list[float]:
    return [
        level - sum(w * x for w, x in zip(weights, row, strict=True))
        for row, level in zip(rows, levels, strict=True)
    ]
