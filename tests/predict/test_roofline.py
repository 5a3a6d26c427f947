"""The ceilings: bandwidth by size, and which of the two binds."""

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


def test_without_a_ceiling_there_is_nothing_to_say(profile):
    assert roofline(GEMM, measured(profile(), "gpu:7"), KNOWN, "fp32") is None
