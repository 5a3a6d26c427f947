import pytest

from advisor.bench.quality import Disturbance, between, causes, judge
from advisor.bench.watch import Reading
from advisor.measurement import Quality


def reading(wall, **known):
    return Reading(**{"wall": wall, "own": 0.0, "cpus": 2, **known})


@pytest.mark.parametrize(
    ("before", "after", "worker", "foreign"),
    [
        ({"busy": 10.0}, {"busy": 12.0}, 1.96, 0.0),  # all of it was ours, but for ticks
        ({"busy": 10.0}, {"busy": 12.0}, 0.96, 0.5),  # one of two processors was another's
        ({"busy": 10.0}, {"busy": 11.0, "own": 0.5}, 0.46, 0.0),
        ({}, {}, 1.0, 0.0),  # nothing to be seen
    ],
)
def test_what_is_not_ours_is_foreign(before, after, worker, foreign):
    found = between(reading(0.0, **before), reading(1.0, **after), worker)
    assert found.foreign == pytest.approx(foreign, abs=1e-9)


def test_steal_throttling_and_quota_are_differences():
    before = reading(0.0, steal=1.0, throttles=3, quota_stops=7)
    after = reading(1.0, steal=1.44, throttles=5, quota_stops=7)
    found = between(before, after, 0.0)
    assert found.steal == pytest.approx(0.2)
    assert (found.throttles, found.quota_stops) == (2, 0)


@pytest.mark.parametrize(
    ("disturbance", "words"),
    [
        (Disturbance(foreign=0.5), "other processes took 50% of the processors"),
        (Disturbance(steal=0.1), "the hypervisor took 10% of the processors (steal time)"),
        (Disturbance(throttles=1), "the processor throttled for heat"),
        (Disturbance(quota_stops=2), "the cgroup's CPU quota stopped this process 2 times"),
        (Disturbance(battery=True), "running on battery"),
        (Disturbance(saver=True), "the power profile saves power"),
        (Disturbance(other="the GPU is hot"), "the GPU is hot"),
    ],
)
def test_each_disturbance_has_its_words(disturbance, words):
    assert causes([disturbance]) == (words,)
    assert disturbance.any


@pytest.mark.parametrize("quiet", [Disturbance(), Disturbance(foreign=0.04, steal=0.02)])
def test_a_quiet_round_has_no_cause(quiet):
    assert causes([quiet]) == ()
    assert causes([]) == ()
    assert not quiet.any


@pytest.mark.parametrize(
    ("profile", "saves"), [("low-power", True), ("quiet", True), ("balanced", False), (None, False)]
)
def test_only_a_saving_power_profile_counts(profile, saves):
    assert between(reading(0.0), reading(1.0, saver=profile), 0.0).saver is saves


@pytest.mark.parametrize(
    ("width", "reasons", "quality", "cause"),
    [
        (0.1, [], Quality.VALID, None),
        (0.1, ["running on battery"], Quality.SUSPECT, "running on battery"),
        (0.6, [], Quality.INVALID, "rounds differ so much that the figure is ±60%"),
        (0.6, ["x"], Quality.INVALID, "rounds differ so much that the figure is ±60%; x"),
    ],
)
def test_quality_follows_from_width_and_reasons(width, reasons, quality, cause):
    assert judge(width, reasons) == (quality, cause)
