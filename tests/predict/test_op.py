"""An op's seconds: the roofline, the ladder, and what was timed nearby."""

import pytest

from advisor.operation import Op, conditions_of, scaled
from advisor.predict.figures import measured
from advisor.predict.op import Clockwork, bandwidth

BIG = Op(op="gemm", shape={"m": 4096, "n": 4096, "k": 4096}, weights=4096.0**2)
RELU = Op(op="elementwise", kernel="relu", reads=1e8, writes=1e8)


def clockwork(profile, constants, *rows):
    return Clockwork(measured(profile(*rows), "cpu"), constants["cpu"])


@pytest.mark.parametrize(
    ("op", "bound", "seconds"),
    [(BIG, "compute", 2 * 4096**3 / 300e9), (RELU, "memory", 8e8 / 20e9)],
)
def test_no_op_beats_its_ceiling(profile, constants, op, bound, seconds):
    time = clockwork(profile, constants).seconds(op, "fp32")
    assert time.bound == bound
    assert seconds <= time.seconds < 2.5 * seconds


def test_a_timed_op_is_what_was_timed(profile, constants, timed):
    row = timed("op", 0.123, dtype="fp32", **conditions_of(RELU))
    at = clockwork(profile, constants, row)
    assert at.seconds(RELU, "fp32").seconds == pytest.approx(0.123)
    near = at.seconds(scaled(RELU, 2), "fp32").seconds
    plain = clockwork(profile, constants).seconds(scaled(RELU, 2), "fp32").seconds
    assert plain < near < 0.3


def test_a_timed_neighbour_narrows(profile, constants, timed):
    row = timed("op", 0.05, dtype="fp32", **conditions_of(RELU))
    wide = clockwork(profile, constants).seconds(scaled(RELU, 2), "fp32").spread
    assert clockwork(profile, constants, row).seconds(scaled(RELU, 2), "fp32").spread < wide


def test_backward_is_timed_by_itself(profile, constants, timed):
    row = timed("op", 0.4, dtype="fp32", **conditions_of(RELU, backward=True))
    at = clockwork(profile, constants, row)
    assert at.seconds(RELU, "fp32", backward=True).seconds == pytest.approx(0.4)
    assert at.seconds(RELU, "fp32").seconds < 0.1


@pytest.mark.parametrize(
    ("moved", "rate"), [(1, 90e9), (2**15, 90e9), (2**18, 60e9), (2**21, 20e9), (2**30, 20e9)]
)
def test_ladder(profile, timed, moved, rate):
    rows = [timed("memory.copy.at", r, bytes=size) for size, r in ((2**14, 90e9), (2**20, 40e9))]
    assert bandwidth(measured(profile(*rows), "cpu"), moved) == pytest.approx(rate, rel=0.01)


@pytest.mark.parametrize(("cold", "seconds"), [(0.0, 0.01), (0.5, 0.02), (1.0, 0.04)])
def test_weights_that_left_the_cache_are_read_again(profile, constants, timed, cold, seconds):
    op = Op(op="gemm", kernel="linear", shape={"m": 1, "n": 4096, "k": 4096}, weights=4096.0**2)
    row = timed("op", 0.01, dtype="fp32", first_call=0.04, **conditions_of(op))
    found = clockwork(profile, constants, row).seconds(op, "fp32", cold=cold).seconds
    assert found == pytest.approx(seconds, rel=0.01)


def test_a_precision_that_was_not_timed_keeps_a_part_of_the_promised_gain(
    profile, constants, timed
):
    row = timed("op", 1.0, dtype="fp32", **conditions_of(BIG))
    at = clockwork(profile, constants, row)
    full, low = (at.seconds(BIG, dtype) for dtype in ("fp32", "bf16"))
    assert full.seconds / 1.5 < low.seconds < full.seconds
    assert low.shared > full.shared
