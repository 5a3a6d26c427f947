"""Ops are written as conditions and read back whole; what makes no sense is refused."""

import pytest

from advisor.conditions import conditions_of, sound, timed_op
from advisor.operation import Op

CONV = {"c": 3, "h": 8, "w": 8, "k": 4, "r": 3, "s": 3}
POOL = {"c": 3, "h": 8, "w": 8, "r": 3, "s": 3}


@pytest.mark.parametrize(
    ("op", "whole"),
    [
        (Op(op="gemm", shape={"m": 1, "n": 2, "k": 3}), True),
        (Op(op="gemm", shape={"m": 1, "n": 2}), False),
        (Op(op="gemm", shape={"m": 0, "n": 2, "k": 3}), False),
        (Op(op="conv", shape={**CONV, "padding": 0}), True),
        (Op(op="conv", shape={**CONV, "padding": -1}), False),
        (Op(op="conv", shape={**CONV, "r": 99}), False),
        (Op(op="conv", shape={**CONV, "stride": 0}), False),
        (Op(op="attention", shape={"heads": 2, "q": 4, "kv": 4, "d": 8}), True),
        (Op(op="attention", shape={"heads": 2}), False),
        (Op(op="elementwise", reads=1.0), True),
        (Op(op="pool", kernel="mean", reads=8.0, writes=1.0), True),
        (Op(op="pool", kernel="avg_pool2d", shape=POOL, reads=192), True),
        (Op(op="pool", kernel="avg_pool2d", shape=POOL, reads=191), False),
        (Op(op="pool", kernel="avg_pool2d", shape={**POOL, "r": 9}, reads=192), False),
        (Op(op="pool", kernel="avg_pool3d", shape={**POOL, "t": 2}, reads=192), False),
        (Op(op="pool", kernel="max_pool2d_with_indices", reads=8.0, writes=2.0), False),
        (Op(op="gemm", kernel="avg_pool2d", shape=POOL, reads=192), False),
        (Op(op="gemm", shape={"m": 1, "n": 2, "k": 3, "r": 2}), True),
    ],
)
def test_a_shape_from_elsewhere_is_whole_or_refused(op, whole):
    assert sound(op) is whole


@pytest.mark.parametrize("backward", [False, True])
def test_what_is_written_is_read_back(backward):
    op = Op(op="pool", kernel="avg_pool2d", shape=POOL, reads=192.0, writes=108.0)
    told = conditions_of(op, backward=backward)
    assert timed_op(told) == op
    assert told["backward"] is backward
