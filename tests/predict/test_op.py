"""An op's seconds: the roofline, the ladder, and what was timed nearby."""

import msgspec
import pytest

from advisor.conditions import conditions_of
from advisor.measurement import Quality
from advisor.operation import Op, scaled
from advisor.predict.figures import measured
from advisor.predict.host import pace
from advisor.predict.op import Clockwork
from advisor.predict.spot import Cold

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


@pytest.mark.parametrize("kernel", ["cat", "stack"])
def test_backward_a_view_is_no_more_than_a_call(kernel, profile, constants, timed):
    large = Op(op="copy", kernel=kernel, reads=1e8, writes=1e8)
    slow = timed("op", 0.5, dtype="fp32", **conditions_of(large))
    at = clockwork(profile, constants, slow)
    launch = constants["cpu"].figures["launch_seconds"]
    assert at.seconds(large, "fp32", backward=True).seconds == pytest.approx(launch)


def around(timed):
    """What is a little smaller and a little larger takes a tenth of a second or so."""
    return [
        timed("op", 0.1 * n, dtype="fp32", **conditions_of(scaled(RELU, n))) for n in (0.8, 1.2)
    ]


def test_an_op_whose_rounds_differed_is_told_by_those_around_it_too(profile, constants, timed):
    row = timed("op", 0.3, dtype="fp32", **conditions_of(RELU))
    wild = msgspec.structs.replace(row, low=0.05, high=0.9, quality=Quality.INVALID)
    time = clockwork(profile, constants, *around(timed), wild).seconds(RELU, "fp32")
    assert not time.exact
    assert 0.1 <= time.seconds < 0.15


def test_a_slow_op_is_believed_though_its_figure_is_invalid(profile, constants, timed):
    row = timed("op", 2.0, dtype="fp32", **conditions_of(RELU))
    wild = msgspec.structs.replace(row, low=0.02, high=4.1, quality=Quality.INVALID)
    time = clockwork(profile, constants, *around(timed), wild).seconds(RELU, "fp32")
    assert time.exact
    assert time.seconds == pytest.approx(2.0)
    assert time.spread > clockwork(profile, constants, row).seconds(RELU, "fp32").spread


def test_a_timed_neighbour_narrows(profile, constants, timed):
    near, far = (scaled(RELU, 2), scaled(RELU, 1000))
    rows = [timed("op", 0.05 * n, dtype="fp32", **conditions_of(scaled(RELU, n))) for n in (1, 4)]
    at = clockwork(profile, constants, *rows)
    assert at.seconds(near, "fp32").spread < at.seconds(far, "fp32").spread
    assert (
        at.seconds(near, "fp32").spread < clockwork(profile, constants).seconds(near, "fp32").spread
    )


def test_backward_is_timed_by_itself(profile, constants, timed):
    row = timed("op", 0.4, dtype="fp32", **conditions_of(RELU, backward=True))
    at = clockwork(profile, constants, row)
    assert at.seconds(RELU, "fp32", backward=True).seconds == pytest.approx(0.4)
    # Slow backward makes forward suspect, but not as slow.
    plain = clockwork(profile, constants).seconds(RELU, "fp32").seconds
    assert plain < at.seconds(RELU, "fp32").seconds < 0.3


@pytest.mark.parametrize(("cold", "seconds"), [(0.0, 0.01), (0.5, 0.01183), (1.0, 0.014)])
def test_weights_that_left_the_cache_are_read_again(profile, constants, timed, cold, seconds):
    op = Op(op="gemm", kernel="linear", shape={"m": 1, "n": 4096, "k": 4096}, weights=4096.0**2)
    row = timed("op", 0.01, dtype="fp32", cold_call=0.014, **conditions_of(op))
    found = clockwork(profile, constants, row).seconds(op, "fp32", cold=Cold(cold)).seconds
    assert found == pytest.approx(seconds, rel=0.01)


def test_what_is_far_larger_than_the_cache_was_cold_all_along(profile, constants, timed):
    """A small op that is slow from main memory does not make a large one slower."""
    rows = [timed("memory.copy.at", rate, bytes=size) for size, rate in ((2**14, 90e9),
            (2**20, 80e9), (2**28, 20e9))]  # fmt: skip
    plain = clockwork(profile, constants, *rows)
    small = Op(op="elementwise", kernel="relu", reads=1e5, writes=1e5)
    hot, far = (plain.seconds(small, "fp32", cold=c).seconds for c in (Cold(0.0), Cold(1, 1, 1)))
    assert far > 2 * hot
    timed_row = timed("op", hot, dtype="fp32", cold_call=far, **conditions_of(small))
    at = clockwork(profile, constants, *rows, timed_row)
    large = [c.seconds(RELU, "fp32", cold=Cold(1, 1, 1)).seconds for c in (plain, at)]
    assert large[1] == pytest.approx(large[0], rel=0.1)


@pytest.mark.parametrize(("cold", "seconds"), [(Cold(), 0.01), (Cold(1.0, 1.0, 1.0), 0.04)])
def test_activations_stay_until_others_push_them_out(profile, constants, timed, cold, seconds):
    row = timed("op", 0.01, dtype="fp32", cold_call=0.04, **conditions_of(RELU))
    found = clockwork(profile, constants, row).seconds(RELU, "fp32", cold=cold).seconds
    assert found == pytest.approx(seconds, rel=0.01)


def test_waking_is_not_counted_as_memory(profile, constants, timed):
    """A small op that takes 50 µs longer at first says what any first call pays."""
    small = Op(op="elementwise", kernel="relu", reads=64, writes=64)
    rows = [
        timed("op", 1e-6, dtype="fp32", cold_call=51e-6, **conditions_of(small)),
        timed("op", 0.01, dtype="fp32", cold_call=0.01 + 50e-6, **conditions_of(RELU)),
    ]
    everything = Cold(1.0, 1.0, 1.0)
    found = clockwork(profile, constants, *rows).seconds(RELU, "fp32", cold=everything).seconds
    assert found == pytest.approx(0.01, rel=1e-3)


def test_an_optimizer_goes_from_tensor_to_tensor(profile, constants):
    at = clockwork(profile, constants)
    few, many = (
        at.seconds(Op(op="optimizer", kernel="adam", shape={"n": n}, weights=1e3), "fp32").seconds
        for n in (1, 101)
    )
    per_call = constants["cpu"].figures["tensor_seconds"] * pace(
        at.figures, constants["cpu"].figures
    )
    assert many - few == pytest.approx(100 * 7 * per_call)


def test_the_level_of_timed_ops_holds_for_larger_ones(profile, constants, timed):
    """Twice as slow as the roofline wherever it was timed: so it is where it was not."""
    shapes = [{"m": 2**i, "n": 256, "k": 256} for i in range(4, 9)]
    ops = [Op(op="gemm", kernel="linear", shape=s, weights=65536.0) for s in shapes]
    plain = clockwork(profile, constants)
    rows = [
        timed("op", 2 * plain.seconds(op, "fp32").seconds, dtype="fp32", **conditions_of(op))
        for op in ops
    ]
    large = Op(op="gemm", kernel="linear", shape={"m": 8192, "n": 4096, "k": 4096}, weights=2.0**24)
    here = clockwork(profile, constants, *rows).seconds(large, "fp32")
    assert here.seconds == pytest.approx(2 * plain.seconds(large, "fp32").seconds, rel=0.25)


def test_a_precision_that_was_not_timed_keeps_a_part_of_the_promised_gain(
    profile, constants, timed
):
    row = timed("op", 1.0, dtype="fp32", **conditions_of(BIG))
    at = clockwork(profile, constants, row)
    full, low = (at.seconds(BIG, dtype) for dtype in ("fp32", "bf16"))
    assert full.seconds / 1.5 < low.seconds < full.seconds
    assert low.shared > full.shared


def test_a_precision_that_is_slower_is_as_slow_as_its_peak_says(profile, constants, timed):
    """Processors without bf16 instructions: three times as slow, and surely so."""
    rows = [m for m in profile().measurements if (m.device, m.dtype) != ("cpu", "bf16")]
    slow = timed("matmul.peak", 100e9, dtype="bf16")
    known = msgspec.structs.replace(profile(), measurements=(*rows, slow))
    at = Clockwork(measured(known, "cpu"), constants["cpu"])
    full, low = (at.seconds(BIG, dtype) for dtype in ("fp32", "bf16"))
    assert low.seconds == pytest.approx(3 * full.seconds, rel=0.05)
    assert low.spread == full.spread


def test_slow_work_is_no_start(profile, timed, constants):
    told = {"op": "elementwise", "kernel": "tanh", "backward": False, "reads": 1e6, "writes": 1e6}
    row = timed("op", 1e-3, dtype="fp32", unit="s", **told)
    clockwork = Clockwork(measured(profile(row), "cpu"), constants["cpu"])
    tiny = Op(op="elementwise", kernel="tanh", reads=8, writes=8)
    assert clockwork.seconds(tiny, "fp32").seconds < 20e-6
