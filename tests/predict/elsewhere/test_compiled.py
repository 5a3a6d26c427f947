"""Compiling joins small ops: products stay, and so does what a link takes."""

import pytest

from advisor.estimate import Interval
from advisor.predict.elsewhere.compiled import gain, shared
from advisor.predict.elsewhere.opwise import Piece
from advisor.predict.elsewhere.tiles import Timed
from advisor.predict.fixes import LEFT


def piece(kind, seconds, dispatch=0.0):
    return Piece(kind, 1.0, Timed(seconds, seconds, 0.0, 0.0), dispatch)


def alone(_step):
    return 0.0


def test_only_small_ops_gain():
    assert gain([piece("gemm", 3.0)], 1.0, alone).likely == 1.0
    found = gain([piece("gemm", 3.0), piece("norm", 1.0)], 1.0, alone)
    assert (found.low, found.likely, found.high) == pytest.approx(
        [4 / (3 + left) for left in reversed(LEFT)]
    )


def test_a_queue_that_the_host_fills_too_slowly_gains_by_fewer_ops():
    found = gain([piece("norm", 1.0, dispatch=10.0), piece("gemm", 1.0, dispatch=1.0)], 1.0, alone)
    assert found.likely == pytest.approx(11 / (10 * LEFT[1] + 1))


def test_what_waits_for_a_link_gains_less():
    ops = [piece("gemm", 1.0), piece("norm", 1.0)]
    linked = gain(ops, 3.0, lambda step: 10.0 - 0.5 * step)
    assert linked.likely == pytest.approx((6 + 7.0) / (3 * 1.45 + 10 - 0.5 * 3 * 1.45))
    assert 1 < linked.low < linked.likely < linked.high < gain(ops, 3.0, alone).high


def test_of_several_devices_only_what_they_compute_gains():
    alone = shared(Interval(1.5, 2.0, 2.5, "1"), 3.0, lambda _step: 0.0)
    assert alone == Interval(1.5, 2.0, 2.5, "1")
    waiting = shared(Interval(1.5, 2.0, 2.5, "1"), 3.0, lambda _step: 3.0)
    assert (waiting.low, waiting.likely) == pytest.approx((6 / 5, 6 / 4.5))
