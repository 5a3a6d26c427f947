from random import Random

import pytest

from advisor.bench.statistics import average, moderated, student, summarize, widen


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


def test_what_rounds_show_and_what_only_runs_show_come_together():
    alone, floor = summarize([9.0, 10.0, 11.0, 10.0, 10.0]).width, 0.2
    both = summarize([9.0, 10.0, 11.0, 10.0, 10.0], floor)
    assert both.width == pytest.approx((alone**2 + floor**2) ** 0.5)


def test_fewer_rounds_are_wider():
    widths = [summarize([9.9, 10.1] * pairs, 0.03).width for pairs in (8, 4, 2)]
    assert widths == sorted(widths)


def test_an_average_is_for_the_average_of_another_run():
    batches = [(1.0, 3.0), (2.0, 2.0), (1.0, 5.0), (2.0, 4.0), (3.0, 3.0)] * 2
    summary = average([value for batch in batches for value in batch])
    # means of ten batches, 2 2 3 3 3 twice: s = √(2.4 / 9), t(9) = 2.262
    assert summary.value == 2.6
    assert summary.high - 2.6 == pytest.approx(2.262 * (2.4 / 9) ** 0.5 * (2 / 10) ** 0.5)
    assert summary.rounds == 20


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


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.10])
def test_three_rounds_and_the_usual_spread_hold_the_next_run(noise):
    random = Random(3)
    held = wide = 0
    for _ in range(20_000):
        rounds = [random.gauss(1.0, noise) for _ in range(3)]
        summary = summarize(rounds, usual=noise)
        held += summary.low <= random.gauss(1.0, noise) <= summary.high
        wide += summary.width > 5 * noise
    assert 0.95 <= held / 20_000 <= 0.99
    assert wide / 20_000 < 0.05  # by three rounds alone a third are as wide


@pytest.mark.parametrize(
    ("usual", "spread", "freedom"), [(0.0, 2.0, 2), (2.0, 2.0, 4), (1.0, 2.5**0.5, 4)]
)
def test_a_spread_is_pooled_with_the_usual_one(usual, spread, freedom):
    assert moderated(2.0, 2, usual) == (pytest.approx(spread), freedom)


def host(random, seconds):
    """Looks of a tenth of a second at memory whose host changes it between two speeds."""
    fast, looks = random.random() < 0.5, []
    for _ in range(round(seconds * 10)):
        fast = fast if random.random() > 0.1 / 2.5 else not fast  # 2.5 s on average
        looks.append((78.0 if fast else 47.0) * random.gauss(1.0, 0.02))
    return looks


@pytest.mark.parametrize("seconds", [25, 60])
def test_an_average_holds_that_of_another_run_on_a_host_of_two_speeds(seconds):
    """A thousand machines, with the floor of a guest's memory."""
    held = 0
    for seed in range(1000):
        random = Random(seed)
        one, other = (average(host(random, seconds)[::10], 0.2) for _ in range(2))
        held += one.low <= other.value <= one.high
    assert held >= 930
