"""Pools: over windows, which torch walks place by place, and over whole rows."""

from collections.abc import Callable
from typing import Any

from advisor.operation import WINDOWED, Op, extent

Call = Callable[[], object]
_DEEP, _FLAT = ("_d", "", "_w"), ("", "_w")


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
    shape, deep = op.shape, "t" in op.shape
    sides = _DEEP if deep else _FLAT
    stride, padding = (
        tuple(shape.get(name + side, shape.get(name, usual)) for side in sides)
        for name, usual in (("stride", 1), ("padding", 0))
    )
    size, window = ([shape[name] for name in names if name in shape]
                    for names in (("depth", "h", "w"), ("t", "r", "s")))  # fmt: skip
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
