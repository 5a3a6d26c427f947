"""The same work timed twice in one run tells whether the machine changed its speed."""

import msgspec
import pytest

from advisor.bench.twins import doubted, slower
from advisor.measurement import Quality
from tests.fakes import measured

SHAPE = {"m": 512, "n": 512, "k": 512}
SLOW = measured("matmul.peak", "cpu", 7e10, "FLOP/s", dtype="fp32", conditions=SHAPE)


def surface(value, **more):
    given = {"dtype": "fp32", "conditions": SHAPE, **more}
    return measured("matmul", "cpu", value, "FLOP/s", **given)


def test_a_figure_far_from_its_twin_is_suspect_and_spans_both():
    found = doubted(SLOW, [surface(2.1e11)])
    assert found.quality is Quality.SUSPECT
    assert found.cause.startswith("the same work ran at 3 times this rate before")
    assert (found.low, found.high) == (SLOW.low, 2.1e11 * 1.05)


@pytest.mark.parametrize(
    "before",
    [
        [],
        [surface(8e10)],
        [surface(2.1e11, dtype="bf16")],
        [surface(2.1e11, conditions={**SHAPE, "k": 64})],
        [surface(2.1e11, quality=Quality.INVALID, cause="noise")],
    ],
)
def test_else_it_stands_as_it_is(before):
    assert doubted(SLOW, before) is SLOW


def test_triad_averages_all_through_the_run_and_a_step_of_the_ladder_does_not():
    triad = measured("memory.triad", "cpu", 3e10, "bytes/s", conditions={"bytes": 2**28})
    step = measured("memory.triad.at", "cpu", 9e10, "bytes/s", conditions={"bytes": 2**28})
    assert doubted(triad, [step]) is triad


FAST = measured("matmul.peak", "cpu", 2.1e11, "FLOP/s", dtype="fp32", taken="2026-01-01T00:00:00Z")


@pytest.mark.parametrize("quality", [Quality.VALID, Quality.SUSPECT])
def test_a_run_slow_throughout_is_told_by_a_faster_one_before(quality):
    earlier = msgspec.structs.replace(FAST, quality=quality)
    found = slower(SLOW, [earlier])
    assert found.quality is Quality.SUSPECT
    assert found.cause == "the same work ran 3 times this fast in the run of 2026-01-01T00:00:00Z"
    assert (found.value, found.low, found.high) == (SLOW.value, SLOW.low, FAST.high)
    both = slower(msgspec.structs.replace(SLOW, quality=Quality.SUSPECT, cause="heat"), [earlier])
    assert both.cause.startswith("heat; the same work")


def test_the_fastest_of_several_runs_is_named():
    runs = [msgspec.structs.replace(FAST, value=v * 1e11, high=v * 1.1e11) for v in (2.1, 2.8, 2.2)]
    assert "ran 4 times this fast" in slower(SLOW, runs).cause


def test_seconds_are_the_faster_the_fewer():
    now = measured("launch.latency", "cpu", 5e-6, "s")
    before = measured("launch.latency", "cpu", 2e-6, "s")
    assert slower(now, [before]).cause == "the same work ran 2.5 times this fast in a run before"
    assert slower(before, [now]) is before


@pytest.mark.parametrize(
    "changed",
    [
        {"value": 7.5e10, "low": 7e10, "high": 8e10},  # the intervals meet
        {"dtype": "bf16"},
        {"device": "gpu:0"},
        {"quality": Quality.INVALID},
        {"conditions": {"threads": 4}},
    ],
)
def test_other_work_and_no_faster_one_is_no_twin(changed):
    assert slower(SLOW, [msgspec.structs.replace(FAST, **changed)]) is SLOW
