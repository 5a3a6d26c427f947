"""The ceilings: bandwidth by size, and which of the two binds."""

import msgspec
import pytest

from advisor.constants import ClassConstants
from advisor.operation import Op
from advisor.predict.figures import measured
from advisor.predict.roofline import bandwidth, roofline

KNOWN = ClassConstants(
    compute=1.0, memory=1.0, power=50.0, backward=2.0, spread=0.1, measured_spread=0.1
)


@pytest.mark.parametrize(
    ("moved", "rate"), [(1, 90e9), (2**15, 90e9), (2**18, 60e9), (2**21, 20e9), (2**30, 20e9)]
)
def test_ladder(profile, timed, moved, rate):
    rows = [timed("memory.copy.at", r, bytes=size) for size, r in ((2**14, 90e9), (2**20, 40e9))]
    assert bandwidth(measured(profile(*rows), "cpu"), moved) == pytest.approx(rate, rel=0.01)


GEMM = Op(op="gemm", shape={"m": 1000, "n": 1000, "k": 1000})
ADD = Op(op="elementwise", reads=1e9)


def test_the_slower_ceiling_binds(profile):
    figures = measured(profile(), "cpu")
    peak, rate = (float(basis.value) for basis in (figures.peaks["fp32"], figures.bandwidth))
    assert roofline(GEMM, figures, KNOWN, "fp32") == (pytest.approx(2e9 / peak), "compute")
    assert roofline(ADD, figures, KNOWN, "fp32") == (pytest.approx(4e9 / rate), "memory")


POOL = {"c": 1, "h": 2**15, "w": 2**15, "r": 3, "s": 3, "stride": 1, "padding": 1}


@pytest.mark.parametrize(
    ("kernel", "backward", "places"),
    [
        ("max_pool2d_with_indices", False, 9),
        ("max_pool2d_with_indices", True, 0),  # it was written down where each maximum came from
        ("avg_pool2d", True, 9),
        ("mean", False, 0),
    ],
)
def test_windows_are_walked_place_by_place(profile, kernel, backward, places):
    figures = measured(profile(), "cpu")
    peak, rate = (float(basis.value) for basis in (figures.peaks["fp32"], figures.bandwidth))
    shape = {} if kernel == "mean" else POOL
    op = Op(op="pool", kernel=kernel, shape=shape, reads=2.0**30, writes=2.0**30)
    known = msgspec.structs.replace(KNOWN, compute=0.005)
    moving, computing = 8 * 2.0**30 / rate, places * 2.0**30 / (peak * 0.005)
    found = roofline(op, figures, known, "fp32", backward=backward)
    assert found[0] == pytest.approx(max(moving, computing), rel=0.02)


def test_without_a_ceiling_there_is_nothing_to_say(profile):
    assert roofline(GEMM, measured(profile(), "gpu:7"), KNOWN, "fp32") is None
