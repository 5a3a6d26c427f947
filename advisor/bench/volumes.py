"""Convolutions over volumes, for which torch has kernels of their own.

An op tells one as the flat convolution of as much work (see `advisor.model.shaped`); ``depth`` is
that of what goes in, ``t`` that of the kernel.
"""

from collections.abc import Callable
from typing import Any

from advisor.operation import Op, extent

Call = Callable[[], object]


def volume(op: Op, maker: Any) -> Call:
    """Return a call of the convolution over a volume that an op stands for."""
    shape = op.shape
    groups, transposed = shape.get("groups", 1), bool(shape.get("transposed"))
    depth, t, r, s = (shape[name] for name in ("depth", "t", "r", "s"))
    stride, padding, dilation = (
        tuple(shape.get(name + side, shape.get(name, usual)) for side in ("_d", "", "_w"))
        for name, usual in (("stride", 1), ("padding", 0), ("dilation", 1))
    )
    c, k = (shape["c"], shape["k"] // t) if transposed else (shape["c"] // t, shape["k"])
    slices = depth if transposed else extent(shape, "depth", "t", "_d")
    x = maker.given(op, max(shape["n"] // slices, 1), c, depth, shape["h"], shape["w"])
    w = maker.tensor(*((c, k // groups) if transposed else (k, c // groups)), t, r, s)
    bias = maker.tensor(k) if op.weights > w.numel() else None
    if transposed:
        convolve = maker.functional.conv_transpose3d
        return lambda: convolve(x, w, bias, stride, padding, 0, groups, dilation)
    return lambda: maker.functional.conv3d(x, w, bias, stride, padding, dilation, groups)
