"""What one look at a task tells of its batches: two calls where the first sets things up."""

import math

import pytest

from advisor.bench.calibration import calibrated
from advisor.bench.visits import Visits
from tests.bench.fakes import FakeClock, FakeStand, task


def look(one, cost, best=math.inf, short=False):
    clock = FakeClock()
    stand = FakeStand(clock, {one.name: cost})
    return calibrated(Visits(stand, clock, 60.0, 0.0), one, best, short=short), stand


def first_slow(first, after):
    return lambda seen: first if seen == 1 else after


# Seconds of the first call and of those after it, the best rate so far, looks, calls a batch.
LOOKS = [
    (0.001, 0.001, math.inf, 2, 10),
    (0.001, 0.0005, math.inf, 2, 20),
    (0.040, 0.002, math.inf, 2, 5),  # longer than a batch, but mostly setting up
    (0.040, 0.040, 2.5e10, 1, 1),  # as fast as its surface: nothing was set up
    (0.040, 0.002, 5e11, 2, 5),
    (0.060, 0.002, math.inf, 1, 1),  # too long to be asked again
]


@pytest.mark.parametrize(("first", "after", "best", "looks", "calls"), LOOKS)
def test_a_slow_first_call_is_asked_again(first, after, best, looks, calls):
    series, stand = look(task(), first_slow(first, after), best)
    assert len(stand.visits) == looks
    assert series.calls == calls
    known = after if looks == 2 else first
    assert series.expected == pytest.approx(1e9 / known)


def test_an_op_has_no_rate_to_compare_with():
    one = task("op", work=0.0, unit="s", batch_seconds=0.002)
    series, stand = look(one, first_slow(0.04, 0.004), best=0.0)
    assert len(stand.visits) == 2
    assert series.expected == 0.004


@pytest.mark.parametrize(("short", "samples"), [(False, 3), (True, 1)])
def test_a_short_stage_takes_one_sample(short, samples):
    series, _ = look(task(samples=3), 0.001, short=short)
    assert series.task.samples == samples


def test_no_cold_call_while_calibrating_but_its_washing_is_planned():
    series, stand = look(task(washed=True), 0.001)
    assert stand.washed == [False, False]
    bare, _ = look(task(), 0.001)
    assert series.cost == pytest.approx(bare.cost + 0.004)


def test_no_washing_is_planned_for_what_goes_through_the_caches_itself():
    (long, _), (bare, _) = look(task(washed=True), 0.03), look(task(), 0.03)
    assert long.cost == pytest.approx(bare.cost)
