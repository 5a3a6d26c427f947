"""Convolutions over lines, maps and volumes; torch has kernels of their own for the last.

An op tells a volume's convolution as the flat one of as much work (see `advisor.model.shaped`);
``depth`` is that of what goes in, ``t`` that of the kernel.
"""

from collections.abc import Callable
from typing import Any

from advisor.operation import Op, extent

Call = Callable[[], object]


def convolution(op: Op, maker: Any) -> Call:
    """Return a call of the convolution that an op stands for."""
    shape = op.shape
    groups, transposed = shape.get("groups", 1), bool(shape.get("transposed"))
    stride, padding, dilation = (
        along(shape, name, usual)
        for name, usual in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    n, c, k = _channels(shape, transposed=transposed)
    size, window = sides(shape)
    x = maker.given(op, n, c, *size)
    w = maker.tensor(*((c, k // groups) if transposed else (k, c // groups)), *window)
    bias = maker.tensor(k) if op.weights > w.numel() else None
    if transposed:
        convolve = getattr(maker.functional, f"conv_transpose{len(window)}d")
        return lambda: convolve(x, w, bias, stride, padding, 0, groups, dilation)
    convolve = getattr(maker.functional, f"conv{len(window)}d")
    return lambda: convolve(x, w, bias, stride, padding, dilation, groups)


def sides(shape: dict[str, int]) -> tuple[list[int], list[int]]:
    """Return the sides of what goes in, and of the window that goes over it."""
    size, window = ([shape[name] for name in names if name in shape]
                    for names in (("depth", "h", "w"), ("t", "r", "s")))  # fmt: skip
    return size, window


def along(shape: dict[str, int], name: str, usual: int) -> tuple[int, ...]:
    """Return a stride, a padding or a dilation for each side."""
    suffixes = ("_d", "", "_w") if "t" in shape else ("", "_w")
    return tuple(shape.get(name + suffix, shape.get(name, usual)) for suffix in suffixes)


def _channels(shape: dict[str, int], *, transposed: bool) -> tuple[int, int, int]:
    """Return images, channels in and out: of a volume's slices, those of the whole."""
    n, c, k = shape.get("n", 1), shape["c"], shape["k"]
    if "t" not in shape:
        return n, c, k
    if transposed:
        return max(n // shape["depth"], 1), c, k // shape["t"]
    return max(n // extent(shape, "depth", "t", "_d"), 1), c // shape["t"], k
