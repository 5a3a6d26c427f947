"""Ops as the conditions of the measurement that times them: written, read back, or refused."""

import math
from collections.abc import Mapping

import msgspec

from advisor.operation import WINDOWED, Op, conv_output

# The words that shapes are written in, here and in the conditions of a measurement.
_SIZES = "m n k batch c h w r s stride padding dilation groups stride_w padding_w dilation_w"
_DEEP_SIZES = "depth t stride_d padding_d dilation_d"
_MORE_SIZES = "transposed heads kv_heads q kv d causal steps input hidden gates sparse"
SHAPE = frozenset(f"{_SIZES} {_DEEP_SIZES} {_MORE_SIZES}".split())


def shape_of(conditions: Mapping[str, object]) -> dict[str, int]:
    """Pick the shape out of a measurement's conditions."""
    return {key: value for key, value in conditions.items() if key in SHAPE and type(value) is int}


# What a shape must have; all sizes are 1 or more, but those that may be 0.
_NEEDED = {
    "gemm": {"m", "n", "k"},
    "conv": {"c", "h", "w", "k", "r", "s"},
    "attention": {"heads", "q", "kv", "d"},
    "recurrent": {"hidden"},
}
_WINDOW = {"c", "h", "w", "r", "s"}
_MAY_BE_ZERO = {"padding", "padding_w", "padding_d", "causal", "transposed"}


def sound(op: Op) -> bool:
    """Say whether an op's shape is whole and makes sense; measurements may come from anywhere."""
    shape, windowed = op.shape, op.kernel in WINDOWED
    sizes = all(size > 0 or key in _MAY_BE_ZERO for key, size in shape.items())
    needed = _NEEDED.get(op.op, set()) | (_WINDOW if windowed else set())
    needed |= {"depth"} if "t" in shape else set()
    if not (sizes and needed <= shape.keys() and min(shape.values(), default=0) >= 0):
        return False
    # As many maps as are read: to time a pool, they are made.
    if windowed and math.prod(shape.get(side, 1) for side in ("c", "depth", "h", "w")) > op.reads:
        return False
    return not (windowed or op.op == "conv") or min(conv_output(shape)) > 0


def conditions_of(op: Op, *, backward: bool = False) -> dict[str, str | int | float | bool | None]:
    """Write an op as conditions of the measurement that times it."""
    sizes = {"reads": op.reads, "writes": op.writes, "weights": op.weights}
    kept = {key: value for key, value in sizes.items() if value}
    return {"op": op.op, "kernel": op.kernel, "backward": backward, **op.shape, **kept}


def timed_op(conditions: Mapping[str, object]) -> Op:
    """Read back what `conditions_of` wrote."""
    kept = {key: conditions[key] for key in ("op", "kernel", "reads", "writes", "weights")
            if key in conditions}  # fmt: skip
    return msgspec.convert({**kept, "shape": shape_of(conditions)}, Op)
