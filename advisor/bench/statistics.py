"""From round medians to a value with its width."""

import math
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, stdev

import msgspec

# Student's t, two-sided 95 %, for 1 to 30 degrees of freedom (any statistics handbook, e.g.
# NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2).
_T95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
# Few enough for batches of seconds, enough for Student's t (nine degrees: 2.26).
_BATCHES = 10
# What the spreads of some 280 tasks of a run, from three rounds each, say of their common one: by
# the variance of their logarithms 1.2 to 1.6 degrees of freedom in four runs on a guest of two
# cores (AMD EPYC, 2026-11); the whole number above.
_USUAL_FREEDOM = 2
# A rate is positive: however wide the interval, its lower end stays above nought.
_LEAST_SHARE = 0.01


class Summary(msgspec.Struct, frozen=True):
    """A mean of rounds, and the interval that is meant to hold another run's at 95 %."""

    value: float
    low: float
    high: float
    rounds: int

    @property
    def width(self) -> float:
        """Return half the interval as a share of the value."""
        return (self.high - self.value) / self.value


def student(degrees: int) -> float:
    """Return Student's t for a two-sided 95 %; above 30 degrees by 1.96 + 2.4/n, good to 0.1 %."""
    return _T95[degrees - 1] if degrees <= len(_T95) else 1.96 + 2.4 / degrees


def summarize(medians: Sequence[float], floor: float = 0.0, usual: float = 0.0) -> Summary:
    """Summarize two or more round medians; ``floor`` is the least half width, as a share.

    Another run counts as one more draw with the spread of the rounds, t·s·√(1+1/k): rounds of one
    run share what differs between runs, so their spread does not shrink by averaging. The floor
    is what only runs show; both come together, so that less data is always wider. ``usual`` is how
    much the rounds of other tasks of the run spread, as a share, where that is to be heard as well.
    """
    rounds, mean = len(medians), fmean(medians)
    spread, freedom = moderated(stdev(medians), rounds - 1, usual * mean)
    half = student(freedom) * math.sqrt(1 + 1 / rounds) * spread
    return _around(mean, math.hypot(half, floor * mean), rounds)


def moderated(seen: float, freedom: int, usual: float) -> tuple[float, int]:
    """Pool the spread of a few rounds with the usual one, and return it with its freedom.

    Three rounds tell a spread to within a factor of three or so; that of many tasks like it stands
    beside it (G. K. Smyth, Linear models and empirical Bayes methods, Statistical Applications in
    Genetics and Molecular Biology 3(1), 2004).
    """
    if usual <= 0:
        return seen, freedom
    every = freedom + _USUAL_FREEDOM
    return math.sqrt((_USUAL_FREEDOM * usual**2 + freedom * seen**2) / every), every


def average(values: Sequence[float], floor: float = 0.0) -> Summary:
    """Summarize what was looked at all through a run, for the average of another run like it.

    Looks that follow each other are alike, so their spread says too little of that of averages.
    Means of consecutive batches are nearly independent; an average of k of them differs from
    another run's by t·s·√(2/k).
    """
    count, mean = min(len(values), _BATCHES), fmean(values)
    edges = [len(values) * number // count for number in range(count + 1)]
    means = [fmean(values[start:end]) for start, end in pairwise(edges)]
    half = student(count - 1) * math.sqrt(2 / count) * stdev(means)
    return _around(mean, math.hypot(half, floor * mean), len(values))


def widen(summary: Summary, factor: float) -> Summary:
    """Return the same value with an interval ``factor`` times as wide."""
    return _around(summary.value, factor * summary.width * summary.value, summary.rounds)


def _around(value: float, half: float, rounds: int) -> Summary:
    return Summary(value, max(value - half, _LEAST_SHARE * value), value + half, rounds)
