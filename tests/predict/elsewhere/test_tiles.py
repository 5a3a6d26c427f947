"""Products take whole tiles in waves; large ones come near the peak, small ones pay the launch."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.predict.elsewhere.silicon import Silicon
from advisor.predict.elsewhere.tiles import Rate, Tiling, joined, product, reach, tiling

CARD = Silicon(
    name="card", kind="gpu", vendor="", architecture="", grade="", rates={}, vector=1e13,
    bandwidth=1e12, units=100.0,
)  # fmt: skip
TILES = Tiling(((128, 128, 0.8), (64, 64, 0.6)), 50.0, 0.8, 4.0, 3.0, 0.5, 5e-6)


def test_a_large_product_nears_the_share_of_the_peak():
    n = 8192
    timed = product((1, n, n, n), Rate(1e14), 2, CARD, TILES)
    assert 2 * n**3 / timed.seconds == pytest.approx(0.8e14, rel=0.05)
    assert timed.compute > 0.9 * timed.seconds


def test_a_thin_product_is_bound_by_memory():
    timed = product((1, 1, 16384, 16384), Rate(1e14), 2, CARD, TILES)
    assert timed.memory > timed.compute
    assert timed.seconds > 16384**2 * 2 / 1e12


def test_a_tiny_product_costs_the_launch():
    assert product((1, 16, 16, 16), Rate(1e14), 2, CARD, TILES).seconds < 8e-6


@given(*[st.integers(1, 4096)] * 3, st.integers(1, 64))
def test_more_work_never_takes_less(m, n, k, batch):
    one = product((batch, m, n, k), Rate(1e14), 2, CARD, TILES).seconds
    assert product((batch, m, n, 2 * k), Rate(1e14), 2, CARD, TILES).seconds >= one * 0.999
    assert product((2 * batch, m, n, k), Rate(1e14), 2, CARD, TILES).seconds >= one * 0.999


def test_parts_sum_to_the_whole():
    timed = joined(3e-3, 2e-3, TILES, 1e-5)
    assert timed.compute + timed.memory + timed.fixed == pytest.approx(timed.seconds)


def test_shipped_constants_are_shares(figures):
    for name in ("vector", "matrix16", "matrix8"):
        read = tiling(figures, name)
        assert len(read.tiles) == 6
        assert all(0 < share < 1 for _, _, share in read.tiles)
        assert 0 < read.bandwidth < 1
        assert 1e-6 < read.launch < 1e-4


def test_a_small_working_set_comes_out_of_the_last_cache():
    card = msgspec.structs.replace(CARD, cache=1e8, clock=2e9)
    inside, between, outside = (reach(size, card, 5e11, 5.0) for size in (1e7, 3e7, 1e9))
    assert (inside, outside) == (pytest.approx(1e12), pytest.approx(5e11))
    assert outside < between < inside
    assert reach(1e7, card, 3e12, 5.0) == pytest.approx(3e12)  # memory is faster: HBM


def test_a_product_that_leaves_units_idle_runs_nearer_to_boost():
    """Half of the rate is left under full load; one that waits for memory is not slowed by it."""
    capped, free = Rate(0.5e14, 0.5), Rate(1e14)
    for shape, slower in (((1, 8192, 8192, 8192), 1.9), ((1, 1, 16384, 16384), 1.2)):
        ratio = (
            product(shape, capped, 2, CARD, TILES).seconds
            / product(shape, free, 2, CARD, TILES).seconds
        )
        assert ratio == pytest.approx(slower, abs=0.22)
