"""What runs of this machine differed by takes over from what is known of its class."""

from random import Random

import pytest

from advisor.bench.between import OVER, known, pooled, stretch
from advisor.bench.twins import SLOWER
from advisor.measurement import Quality
from tests.bench.fakes import task
from tests.fakes import measured

COPY = task("memory.copy", unit="bytes/s", floor=0.10, lasting=True)
HOW = {"bytes": 2**28, "method": "libc memcpy", "threads": 2, OVER: 25.0}


def runs(*values, **more):
    return [
        measured(
            "memory.copy", "cpu", value, "bytes/s",
            **{"conditions": HOW, "taken": f"2026-01-01T00:00:{second:02}Z", **more},
        )
        for second, value in enumerate(values)
    ]  # fmt: skip


def test_without_a_history_it_is_the_classs():
    assert known(COPY, HOW, 3e10, []) == 0.10


@pytest.mark.parametrize(
    ("span", "lasting", "times"),
    [
        (6.0, False, 1.0),
        (1.5, False, 2**0.5),
        (0.1, False, 6**0.25),
        (96.0, False, 0.5),
        (25.0, True, 1.0),
        (1.0, True, 5**0.5),
        (100.0, True, 1.0),
        (1e6, False, 0.5),
    ],
)
def test_a_shorter_look_is_wider_and_a_longer_one_narrower(span, lasting, times):
    assert stretch(span, lasting=lasting) == pytest.approx(times)


def test_a_much_shorter_run_tells_nothing():
    short = runs(1.5e9, 0.8e9, conditions={**HOW, OVER: 4.0})
    assert known(COPY, HOW, 1.28e9, short) == 0.10


def test_runs_that_differ_more_than_their_class_widen_it_at_once():
    assert known(COPY, HOW, 1.28e9, runs(1.39e9, 1.02e9)) > 0.30


def test_steady_runs_narrow_it_to_a_third_and_no_further():
    widths = [known(COPY, HOW, 3e10, runs(*[3e10] * count)) for count in (1, 5, 20, 59)]
    assert widths == sorted(widths, reverse=True)
    assert widths[2] == pytest.approx(0.10 / 3, rel=0.1)


def test_the_spread_is_pooled_with_students_t():
    # four degrees of the class's 0.1 / (2.776 √2), two of the runs' 10 %: s, then t(6) √2 s
    supposed, seen = 0.10 / (2.776 * 2**0.5), 0.10
    spread = ((4 * supposed**2 + 2 * seen**2) / 6) ** 0.5
    assert pooled(0.10, [90.0, 100.0, 110.0]) == pytest.approx(2.447 * 2**0.5 * spread, rel=1e-3)


@pytest.mark.parametrize(
    "other",
    [
        {"dtype": "fp32"},
        {"device": "gpu:0"},
        {"conditions": {**HOW, "threads": 1}},
        {"quality": Quality.SUSPECT, "cause": "heat"},
        {"quality": Quality.INVALID, "cause": "noise"},
    ],
)
def test_other_work_and_what_was_disturbed_tell_nothing(other):
    given = {"conditions": HOW, **other}
    device = given.pop("device", "cpu")
    earlier = measured("memory.copy", device, 1e10, "bytes/s", **given)
    assert known(COPY, HOW, 3e10, [earlier]) == 0.10


def test_a_run_that_was_only_slower_than_another_tells_what_runs_differ_by():
    slow = runs(2.3e10, quality=Quality.SUSPECT, cause="slow", conditions={**HOW, SLOWER: "a run"})
    assert known(COPY, HOW, 3e10, slow) > 0.15


def test_a_run_held_back_to_half_the_speed_is_no_spread():
    assert known(COPY, HOW, 3e10, runs(3e10, 3e10, 1.4e10)) < 0.10


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.10])
@pytest.mark.parametrize("before", [0, 1, 3, 6, 20])
def test_over_a_thousand_machines_the_interval_holds_the_next_run(noise, before):
    """Machines as their class is known to be, with so many runs before."""
    held, floor = 0, 1.96 * 2**0.5 * noise
    for seed in range(1000):
        random = Random(seed)
        *values, following = (random.gauss(1.0, noise) for _ in range(before + 2))
        held += abs(following / values[0] - 1) <= pooled(floor, values)
    assert 930 <= held <= 970


@pytest.mark.parametrize("times", [0.5, 2.0])
def test_a_machine_unlike_its_class_is_known_after_some_runs(times):
    held = 0
    for seed in range(1000):
        random = Random(seed)
        *values, following = (random.gauss(1.0, 0.03 * times) for _ in range(22))
        held += abs(following / values[0] - 1) <= pooled(1.96 * 2**0.5 * 0.03, values)
    assert held >= 930
