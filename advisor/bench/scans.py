"""Kernels in an order of their own: gathers, scatters, running sums, chances, enlarged maps.

An elementwise call of as many bytes takes a fraction of their time: most of them go element by
element, in one thread or without vector instructions (ATen, native/cpu).
"""

import math
from collections.abc import Callable
from typing import Any

from advisor.operation import Op

Call = Callable[[], object]
# Rows that are picked lie apart: a prime goes through all of them.
_STEP = 7919
# Networks gather rows of some tens of elements, and sum over steps that lie as far apart.
_WIDTH, _STEPS = 64, 64
# Running sums go along an axis that is rarely the last: what lies inside it.
_INSIDE = 1024


def _rows(count: int, most: int = _WIDTH) -> tuple[int, int]:
    width = math.gcd(count, most)
    return max(count // width, 1), width


def _index(maker: Any, rows: int, among: int, width: int) -> Any:
    """Return which of ``among`` rows each of some is, the same for all elements of a row."""
    picked = maker.torch.arange(rows, device=maker.device) * _STEP % among
    return picked[None, :, None].expand(1, rows, width)


def _gather(op: Op, maker: Any) -> Call:
    rows, width = _rows(max(int(op.writes), 1))
    index = _index(maker, rows, rows, width)
    x = maker.tensor(1, rows, width)
    return lambda: x.gather(1, index)


def _scatter_add(op: Op, maker: Any) -> Call:
    """Add rows into a tensor; what is not in place copies that first."""
    source = max(int(op.reads - op.writes), 1)
    rows, width = _rows(source)
    among = max(int(op.writes - source) // width, 1)
    index = _index(maker, rows, among, width)
    x, added = maker.tensor(1, among, width), maker.tensor(1, rows, width)
    if op.kernel.startswith("index_add"):
        return lambda: x.index_add(1, index[0, :, 0], added)
    return lambda: x.scatter_add(1, index, added)


def _cumsum(op: Op, maker: Any) -> Call:
    rows, width = _rows(max(int(op.writes), 1), _INSIDE)
    steps = math.gcd(rows, _STEPS)
    x = maker.tensor(rows // steps, steps, width)
    return lambda: x.cumsum(1)


def _chances(op: Op, maker: Any) -> Call:
    x = maker.tensor(max(int(op.writes), 1))
    return lambda: maker.torch.empty_like(x).bernoulli_(0.9)


# Maps that are enlarged are small and wide: 32 × 32 places and less, of 64 channels or more.
_MAP, _CHANNELS = 32, 64


def _enlarged(op: Op, maker: Any) -> Call:
    """Double both sides of maps of a usual size: torch may lay them out anew before and after."""
    count = max(int(op.reads), 1)
    side = max(min(math.isqrt(count // _CHANNELS), _MAP), 1)
    channels = min(max(count // side**2, 1), 4 * _CHANNELS)
    x = maker.tensor(max(count // (channels * side**2), 1), channels, side, side)
    mode = "bilinear" if "bilinear" in op.kernel else "nearest"
    return lambda: maker.functional.interpolate(x, scale_factor=2, mode=mode)


# By torch's name of the call; one that ends in _ works in place.
BUILDERS: dict[str, Callable[[Op, Any], Call]] = {
    "gather": _gather,
    "scatter_add": _scatter_add,
    "index_add": _scatter_add,
    "cumsum": _cumsum,
    "bernoulli": _chances,
    "native_dropout": _chances,
    "upsample_nearest2d": _enlarged,
    "upsample_bilinear2d": _enlarged,
}
