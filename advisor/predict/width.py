"""Widths: estimates are log-normal, and their intervals hold 80 % of outcomes."""

import math
from collections.abc import Iterable

from advisor.estimate import Interval

# The 90th percentile of the normal distribution: an 80 % interval reaches it on both sides.
Z80 = 1.2816
# Measurements, and what else a basis rests on, are told at 95 %.
Z95 = 1.96
# What runs out of memory dies: the upper end of memory is the 99th percentile.
_Z99 = 2.3263


def interval(likely: float, spread: float, unit: str) -> Interval:
    """Widen a number by a standard deviation of its logarithm."""
    factor = math.exp(Z80 * spread)
    return Interval(low=likely / factor, likely=likely, high=likely * factor, unit=unit)


def reserved(likely: float, spread: float) -> Interval:
    """Widen bytes so that one case in ten takes less than the low end, one in a hundred more."""
    return Interval(
        low=likely / math.exp(Z80 * spread),
        likely=likely,
        high=likely * math.exp(_Z99 * spread),
        unit="bytes",
    )


def inverse(seconds: Interval, amount: float, unit: str) -> Interval:
    """Turn the time for an amount into a rate."""
    return Interval(
        low=amount / seconds.high,
        likely=amount / seconds.likely,
        high=amount / seconds.low,
        unit=unit,
    )


def spread_of(interval: Interval) -> float:
    """Return the standard deviation of the logarithm that an 80 % interval stands for."""
    if interval.low <= 0:
        return 0.0
    return math.log(interval.high / interval.low) / (2 * Z80)


def joined(*spreads: float) -> float:
    """Join independent deviations."""
    return math.sqrt(sum(spread * spread for spread in spreads))


def shared(parts: Iterable[tuple[float, float]]) -> float:
    """Join (share of the time, deviation) of independent groups that add up to a total."""
    return joined(*(share * spread for share, spread in parts))


def blunt(value: float) -> float:
    """Return a value to twelve digits: those behind them differ between versions of Python.

    What is as fast must not be told apart by the last bit of a sum.
    """
    return float(f"{value:.12g}")
