"""How often the order of two true times is predicted, where they differ clearly."""

from collections import defaultdict
from itertools import combinations

import numpy as np

# Truths closer than this have no order worth naming; of many pairs so many are drawn a set.
APART = 1.2
DRAWN = 20_000


def devices(score: object) -> tuple[int, int]:
    """Return how many pairs of devices are ordered right for one workload, of how many."""
    return _counted(score, which=0)


def cases(score: object) -> tuple[int, int]:
    """Return the same of pairs of workloads on one device, by the time of each case."""
    return _counted(score, which=1)


def _counted(score: object, which: int) -> tuple[int, int]:
    """Group rows by workload (0) or device (1) and compare those that differ in the other."""
    groups = defaultdict(list)
    for row, asked in zip(score.rows, score.asked, strict=True):
        groups[asked[which]].append((row[0], row[2], asked[1 - which]))
    right = total = 0
    for group in groups.values():
        for one, other in _pairs(group):
            if one[2] == other[2] or max(one[1] / other[1], other[1] / one[1]) < APART:
                continue
            total += 1
            right += (one[0] < other[0]) == (one[1] < other[1])
    return right, total


def _pairs(group: list) -> object:
    """All pairs, or as many drawn as are enough."""
    if len(group) ** 2 / 2 < DRAWN:
        return combinations(group, 2)
    drawn = np.random.default_rng(0).integers(len(group), size=(DRAWN, 2))
    return ((group[i], group[j]) for i, j in drawn)


def told(name: str, right: int, total: int) -> str:
    """One line."""
    return f"order of {name:72} {100 * right / max(total, 1):5.1f} %  n={int(total)}"
