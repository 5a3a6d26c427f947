"""Pools: over windows, which torch walks place by place, and over whole rows."""

from collections.abc import Callable
from typing import Any

from advisor.bench.convolutions import along, sides
from advisor.operation import WINDOWED, Op, extent

Call = Callable[[], object]


def pool(op: Op, maker: Any) -> Call:
    """Return a call of the pool that an op stands for; without windows, a mean of rows."""
    if op.kernel in WINDOWED:
        return _windows(op, maker)
    ratio = max(round(op.reads / max(op.writes, 1.0)), 1)
    x = maker.tensor(max(int(op.writes), 1), ratio)
    if op.kernel in {"amax", "sum"}:
        reduced = getattr(maker.torch, op.kernel)
        return lambda: reduced(x, 1)
    return lambda: x.mean(1)


def _windows(op: Op, maker: Any) -> Call:
    shape = op.shape
    stride, padding = along(shape, "stride", 1), along(shape, "padding", 0)
    size, window = sides(shape)
    each = maker.torch.Size((shape["c"], *size)).numel()
    x = maker.tensor(max(round(op.reads / each), 1), shape["c"], *size)
    kind = "max" if op.kernel.startswith("max") else "avg"
    called = getattr(maker.functional, f"{kind}_pool{len(window)}d")
    upwards = _rounded_up(op, x.numel() // each * shape["c"])
    return lambda: called(x, window, stride, padding, ceil_mode=upwards)


def _rounded_up(op: Op, maps: int) -> bool:
    """Say whether windows that reach over the edge count: then there are more of them."""
    ends = [("depth", "t", "_d")] if "t" in op.shape else []
    ends += [("h", "r", ""), ("w", "s", "_w")]
    places = maps
    for size, kernel, suffix in ends:
        places *= extent(op.shape, size, kernel, suffix)
    return op.writes > places
