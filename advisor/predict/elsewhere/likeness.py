"""What measurements of like things say of a prediction: a Gaussian model in ln(seconds).

The error of a prediction is a sum of effects (this device's bandwidth, this network, this network
on this device, …), each normal with zero mean. Two predictions share some effects; what was
measured of one narrows the other by as much as they share, and what both have drops out.
"""

from collections.abc import Mapping, Sequence
from math import exp, log, sqrt
from statistics import median

import msgspec

from advisor.estimate import Interval

# Of a normal distribution, 80 % lie within this many standard deviations.
Z80 = 1.2816


class Item(msgspec.Struct, frozen=True):
    """A prediction: ln(seconds), its effects as standard deviations by name, and its own noise."""

    log: float
    effects: Mapping[str, float]
    noise: float


def shared(one: Item, other: Item) -> float:
    """Return the covariance of two predictions' errors."""
    small, large = one.effects, other.effects
    if len(small) > len(large):
        small, large = large, small
    return sum(sd * large[name] for name, sd in small.items() if name in large)


def narrowed(target: Item, known: Sequence[tuple[Item, float]]) -> tuple[float, float]:
    """Return mean and standard deviation of ln(seconds), given (prediction, measured seconds)."""
    variance = shared(target, target) + target.noise**2
    if not known:
        return target.log, sqrt(variance)
    items = [item for item, _ in known]
    gaps = [log(seconds) - item.log for item, seconds in known]
    matrix = [[shared(a, b) for b in items[: i + 1]] for i, a in enumerate(items)]
    doubts = _doubts(matrix, items, gaps)
    factor = _cholesky(_doubted(matrix, items, doubts))
    to = _forward(factor, [shared(target, item) for item in items])
    off = _forward(factor, gaps)
    mean = target.log + sum(a * b for a, b in zip(to, off, strict=True))
    left = variance - sum(a * a for a in to)
    return mean, sqrt(max(left, target.noise**2))


def _doubted(
    matrix: list[list[float]], items: Sequence[Item], doubts: Sequence[float]
) -> list[list[float]]:
    """Return the covariance of measurements whose noise is multiplied, each by its doubt."""
    return [
        [*row[:-1], row[-1] + (item.noise * doubt) ** 2]
        for row, item, doubt in zip(matrix, items, doubts, strict=True)
    ]


# From so many on, a crowd says which of it stand apart; and from so many standard deviations on,
# one is doubted.
_CROWD, _APART = 8, 2.0


def _doubts(matrix: list[list[float]], items: Sequence[Item], gaps: list[float]) -> list[float]:
    """Return a factor on the noise of each measurement: those far from the others weigh less.

    Of a few, each is held against what the others say of it; a lone one is believed.
    """
    if len(gaps) < _CROWD:
        apart = _apart(_cholesky(_doubted(matrix, items, [1.0] * len(gaps))), gaps)
        return [max(1.0, far / _APART) ** 2 for far in apart] if len(gaps) > 1 else [1.0]
    # Where a level is anyone's guess, gaps of different levels do not compare.
    if any(row[-1] >= 1.0 for row in matrix):
        return [1.0] * len(gaps)
    middle = median(gaps)
    usual = median(abs(gap - middle) for gap in gaps) + 0.02
    return [max(1.0, abs(gap - middle) / (2 * usual)) ** 2 for gap in gaps]


def _apart(factor: list[list[float]], gaps: list[float]) -> list[float]:
    """Return how far each gap is from what the others say of it, in standard deviations."""
    units = range(len(gaps))
    inverse = [_forward(factor, [float(i == j) for i in units]) for j in units]
    off = _forward(factor, gaps)
    # Rows of the inverse of the covariance, on its diagonal and on the gaps.
    own = [sqrt(sum(a * a for a in column)) for column in inverse]
    told = [sum(a * b for a, b in zip(column, off, strict=True)) for column in inverse]
    return [abs(a) / b for a, b in zip(told, own, strict=True)]


def _cholesky(lower: list[list[float]]) -> list[list[float]]:
    """Factor a symmetric positive matrix given as its lower triangle."""
    for i, row in enumerate(lower):
        for j in range(i + 1):
            rest = row[j] - sum(a * b for a, b in zip(row[:j], lower[j][:j], strict=True))
            row[j] = sqrt(max(rest, 1e-12)) if i == j else rest / lower[j][j]
    return lower


def _forward(lower: list[list[float]], right: list[float]) -> list[float]:
    """Solve L·x = right."""
    found: list[float] = []
    for row, value in zip(lower, right, strict=True):
        done = sum(a * b for a, b in zip(row, found, strict=False))
        found.append((value - done) / row[len(found)])
    return found


def interval(mean: float, spread: float, unit: str, *, scale: float = 1.0) -> Interval:
    """Return the 80 % interval of ``scale`` × exp(mean ± spread)."""
    middle, wide = scale * exp(mean), exp(Z80 * spread)
    return Interval(middle / wide, middle, middle * wide, unit)
