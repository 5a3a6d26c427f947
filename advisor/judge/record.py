"""Limits from a machine's own measurements: what another healthy run stays above.

A metric measured in k runs with mean m and spread s will, in a further run of the same machine,
fall below m - t·s·√(1+1/k) in a share α of cases (a one-sided prediction limit; t is Student's
quantile of 1 - α with k - 1 degrees of freedom). Over n metrics each gets α/n (Bonferroni).

With few runs s itself is a rough guess, and t grows large. Metrics of one machine are noisy alike,
so the spreads of three or more are moderated towards their middle, as in G. K. Smyth, Stat. Appl.
Genet. Mol. Biol. 3 (2004), but never below the metric's own.
"""

import math
from collections.abc import Sequence
from functools import cache
from statistics import fmean, median, stdev

import msgspec

# A healthy machine is accused in one check of a hundred.
FALSE_ALARMS = 0.01
# The common spread counts as much as five runs of one's own do.
_PRIOR_FREEDOM = 4
_ENOUGH_TO_SHARE = 3
# A chi-square of four degrees of freedom has its median at 3.357 (NIST tables): s² has 0.839 σ².
_MEDIAN_OF_SQUARE = 0.839


class Runs(msgspec.Struct, frozen=True):
    """One metric's values in several runs; ``floor`` is the least spread believed, as a share."""

    values: tuple[float, ...]
    higher_is_better: bool = True
    floor: float = 0.0

    @property
    def spread(self) -> float:
        """Standard deviation as a share of the mean."""
        return max(stdev(self.values) / fmean(self.values), self.floor)


class Limit(msgspec.Struct, frozen=True):
    """What a healthy run keeps to; ``noise`` is the spread, ``visible`` the least loss seen.

    A loss of the share ``visible`` is seen in 95 of 100 checks.
    """

    value: float
    noise: float
    visible: float


def limits(metrics: Sequence[Runs], false_alarms: float = FALSE_ALARMS) -> tuple[Limit, ...]:
    """Return each metric's limit, such that a share of ``false_alarms`` fails any; k ≥ 3 runs."""
    spreads = [metric.spread for metric in metrics]
    shared = len(metrics) >= _ENOUGH_TO_SHARE
    common = median(s * s for s in spreads) / _MEDIAN_OF_SQUARE if shared else 0.0
    share = false_alarms / len(metrics)
    return tuple(_limit(metric, common, share) for metric in metrics)


def _limit(metric: Runs, common: float, share: float) -> Limit:
    k = len(metric.values)
    own, extra = k - 1, _PRIOR_FREEDOM if common else 0
    moderated = math.sqrt((extra * common + own * metric.spread**2) / (extra + own))
    noise = max(metric.spread, moderated)
    further = noise * math.sqrt(1 + 1 / k)
    distance = quantile(1 - share, own + extra) * further
    # The run that has the loss is noisy too, and must still be beyond the limit.
    visible = min(1.0, distance + quantile(0.95, own + extra) * noise)
    middle = fmean(metric.values)
    sign = -1 if metric.higher_is_better else 1
    return Limit(middle * (1 + sign * distance), noise, visible)


@cache
def quantile(probability: float, freedom: int) -> float:
    """Return Student's t below which a share ``probability`` (0.5 to 1) lies, by bisection."""
    low, high = 0.0, 1e6
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if below(middle, freedom) < probability else (low, middle)
    return (low + high) / 2


def below(t: float, freedom: int) -> float:
    """Return the share of Student's distribution below t ≥ 0 (Abramowitz & Stegun 26.7.3-4)."""
    angle = math.atan(t / math.sqrt(freedom))
    cosine, sine = math.cos(angle), math.sin(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for i in range(2 + odd, freedom, 2):
        term *= cosine**2 * (i - 1) / i
        total += term
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return min(1.0, 0.5 + inside / 2)
