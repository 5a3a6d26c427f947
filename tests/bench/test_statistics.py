from random import Random

import pytest

from advisor.bench.statistics import student, summarize, widen


@pytest.mark.parametrize(
    ("degrees", "expected"), [(1, 12.706), (4, 2.776), (30, 2.042), (60, 2.000), (120, 1.980)]
)
def test_students_t_is_that_of_the_handbook(degrees, expected):
    assert student(degrees) == pytest.approx(expected, rel=1e-3)


def test_the_interval_is_for_one_more_draw():
    summary = summarize([9.0, 10.0, 11.0, 10.0, 10.0])
    # s = √0.5, t(4) = 2.776, √(1 + 1/5)
    assert summary.value == 10.0
    assert summary.high - 10.0 == pytest.approx(2.776 * 0.5**0.5 * 1.2**0.5)
    assert summary.low == pytest.approx(10.0 - (summary.high - 10.0))
    assert summary.rounds == 5


@pytest.mark.parametrize("rounds", [10, 15, 40])
def test_the_floor_holds_however_steady_the_rounds(rounds):
    summary = summarize([10.0] * rounds, floor=0.03)
    assert (summary.low, summary.high) == (pytest.approx(9.7), pytest.approx(10.3))


def test_few_rounds_claim_no_more_than_their_number_allows():
    widths = [summarize([10.0] * rounds, floor=0.03).width for rounds in (10, 5, 3)]
    # t(9) = 2.262, t(4) = 2.776, t(2) = 4.303, each times √(1 + 1/k)
    factors = (
        1.0,
        2.776 * 1.2**0.5 / (2.262 * 1.1**0.5),
        4.303 * (4 / 3) ** 0.5 / (2.262 * 1.1**0.5),
    )
    assert widths == [pytest.approx(0.03 * factor, rel=1e-3) for factor in factors]


def test_a_rate_stays_positive_however_wide():
    summary = summarize([1.0, 100.0])
    assert 0 < summary.low < summary.value


def test_widening_keeps_the_value():
    wide = widen(summarize([10.0] * 10, floor=0.03), 2.0)
    assert (wide.value, wide.low, wide.high) == (10.0, pytest.approx(9.4), pytest.approx(10.6))


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.10])
@pytest.mark.parametrize("rounds", [5, 10])
def test_the_interval_holds_the_next_run_at_95_percent(noise, rounds):
    random = Random(rounds)
    held = 0
    for _ in range(20_000):
        summary = summarize([random.gauss(1.0, noise) for _ in range(rounds)])
        held += summary.low <= random.gauss(1.0, noise) <= summary.high
    assert 0.945 <= held / 20_000 <= 0.955
