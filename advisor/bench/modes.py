"""Two speeds in one series: rounds that fall into two groups, as where a host slows its guest."""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

# Quiet rounds lie within 20 % of each other; hosts that hold a guest back take a half or more.
APART = 1.5


class Modes(msgspec.Struct, frozen=True):
    """The larger group, and how far the other lies apart (a factor; 1 where there is one group)."""

    main: tuple[float, ...]
    apart: float = 1.0


def part(values: Sequence[float]) -> Modes:
    """Part values at their widest gap, if it is a half or more and most lie on one side of it."""
    ordered = sorted(values)
    gaps = [(high / low, at) for at, (low, high) in enumerate(pairwise(ordered), 1) if low > 0]
    apart, at = max(gaps, default=(1.0, 0))
    main = max(ordered[:at], ordered[at:], key=len)
    if apart < APART or 2 * len(main) <= len(ordered):
        return Modes(tuple(values))
    return Modes(tuple(v for v in values if main[0] <= v <= main[-1]), apart)
