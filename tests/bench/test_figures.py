from datetime import UTC, datetime

import pytest

from advisor.bench.figures import Beside, figure, spread, standing
from advisor.bench.quality import Disturbance
from advisor.bench.series import Limits, Series
from advisor.measurement import Quality
from tests.bench.fakes import task

QUIET, BUSY = Disturbance(), Disturbance(foreign=0.5)
LIMITS = Limits(seconds=30)


def series(medians, disturbances=None, **more):
    return Series(
        task=task(dtype="fp32", hardware="GPU-1", conditions={"m": 1}, floor=0.03),
        calls=7,
        costs=[0.1],
        expected=10.0,
        medians=list(medians),
        colds=[0.15, 0.9, 0.2],
        disturbances=disturbances or [QUIET] * len(medians),
        **more,
    )


def test_a_quiet_series_becomes_a_valid_measurement():
    day = datetime(2026, 1, 2, tzinfo=UTC)
    found = figure(series([10.0] * 5), LIMITS, {"threads": 2}, day)
    assert (found.name, found.device, found.dtype, found.unit) == (
        *("matmul", "cpu"),
        *("fp32", "FLOP/s"),
    )
    assert (found.value, found.rounds, found.quality) == (10.0, 5, Quality.VALID)
    assert found.low < 10.0 < found.high
    assert (found.hardware, found.taken) == ("GPU-1", "2026-01-02T00:00:00Z")
    assert found.conditions == {
        "threads": 2,
        "m": 1,
        "calls_per_sample": 7,
        "cold_call": 5e9,
        "rounds_set_aside": 0,
        "over_seconds": 0.0,
    }


def test_a_disturbed_round_is_set_aside_if_enough_remain():
    found = figure(series([10.0] * 5 + [2.0], [QUIET] * 5 + [BUSY]), LIMITS, {})
    assert (found.value, found.rounds, found.quality) == (10.0, 5, Quality.VALID)
    assert found.conditions["rounds_set_aside"] == 1


def test_a_disturbed_series_is_suspect_names_the_cause_and_doubles_the_width_once():
    valid = figure(series([10.0, 10.5, 9.5, 10.0, 10.0]), LIMITS, {})
    found = figure(series([10.0, 10.5, 9.5, 10.0, 10.0], [BUSY] * 5), LIMITS, {})
    assert found.quality is Quality.SUSPECT
    assert found.cause == "other processes took 50% of the processors"
    assert found.high - found.value == pytest.approx(2 * (valid.high - valid.value))


@pytest.mark.parametrize(
    ("more", "cause"),
    [
        ({"doubt": "may be cache"}, "may be cache"),
        ({"disagreement": 0.3}, "device events and the wall clock differ by 30%"),
    ],
)
def test_other_doubts_make_suspect_too(more, cause):
    found = figure(series([10.0] * 5, **more), LIMITS, {})
    assert (found.quality, found.cause) == (Quality.SUSPECT, cause)


def test_rounds_that_differ_wildly_are_invalid():
    found = figure(series([10.0, 1.0, 10.0, 1.0, 5.0]), LIMITS, {})
    assert found.quality is Quality.INVALID
    assert "rounds differ" in found.cause


@pytest.mark.parametrize(
    ("medians", "quality"),
    [([8.8, 10.0, 11.2], Quality.VALID), ([5.0, 10.0, 15.0], Quality.INVALID)],
)
def test_three_rounds_are_judged_with_the_usual_spread_in_view(medians, quality):
    found = figure(series(medians), LIMITS, {}, None, Beside(usual=0.04))
    assert found.quality is quality
    assert figure(series(medians), LIMITS, {}).quality is Quality.INVALID
    assert found.value == pytest.approx(10.0)


def test_moves_of_the_host_widen_a_figure_and_are_told():
    found = figure(series([9.9, 10.0, 10.1]), LIMITS, {}, None, Beside(usual=0.01, moved=0.4))
    assert found.quality is Quality.VALID
    assert found.high == pytest.approx(14.0, rel=0.01)
    assert found.conditions["host_moves"] == 0.4


def test_the_spread_of_rounds_is_a_share():
    assert spread(series([9.0, 10.0, 11.0])) == pytest.approx(0.1)
    assert spread(series([10.0])) == 0.0


def test_a_figure_stands_from_the_second_round():
    assert standing(series([10.0]), LIMITS) is None
    assert standing(series([10.0, 10.0]), LIMITS).value == 10.0


@pytest.mark.parametrize(
    ("medians", "disturbed", "value", "quality"),
    [
        ([10.0] * 4 + [2.0], 1, 10.0, Quality.VALID),  # one of five was seen to be disturbed
        ([2.0] * 3 + [10.0] * 3, -3, 10.0, Quality.SUSPECT),  # half of them: what is left, doubted
        ([2.0] * 3 + [10.0] * 2, -3, 5.2, Quality.INVALID),  # too little is left
    ],
)
def test_what_is_left_when_disturbed_rounds_are_set_aside(medians, disturbed, value, quality):
    seen = [QUIET] * (len(medians) - abs(disturbed))
    busy = [BUSY] * abs(disturbed)
    found = figure(series(medians, seen + busy if disturbed > 0 else busy + seen), LIMITS, {})
    assert (found.value, found.quality) == (pytest.approx(value), quality)


@pytest.mark.parametrize(
    ("odd", "quality"), [(25.0, Quality.SUSPECT), (4.0, Quality.VALID)]
)  # faster than most, and slower
def test_one_fast_round_says_that_the_others_were_held_back(odd, quality):
    found = figure(series([10.0] * 5 + [odd]), LIMITS, {})
    assert (found.value, found.quality) == (10.0, quality)
    assert ("rounds ran at two speeds" in (found.cause or "")) is (quality is Quality.SUSPECT)
