"""Visits are made again where disturbed, and what is lasting is visited all through a run."""

from itertools import pairwise

import pytest

from advisor.bench.figures import figure
from advisor.bench.schedule import Schedule
from advisor.bench.series import Limits
from advisor.measurement import Quality
from tests.bench.fakes import FakeClock, FakeObserver, FakeReader, FakeStand, task


def staged(tasks, costs, stages, waits=lambda visit: 0.0):
    """Run stages one after another, as a session does; what is lasting goes through all of them."""
    clock, observer = FakeClock(), FakeObserver()
    stand = FakeStand(clock, costs, waits=waits)
    lasting, late = [], []
    for number, limits in enumerate(stages, 1):
        schedule = Schedule(stand, clock, FakeReader(clock), observer, limits)
        schedule.run([*late, *tasks[number - 1]], lasting, last=number == len(stages))
        lasting, late = schedule.lasting, schedule.put_off
    return observer, stand


def test_a_disturbed_visit_is_made_again():
    # the fourth visit has to wait for a processor
    once = lambda visit: 0.2 * (visit == 4)  # noqa: E731
    observer, _ = staged([[task()]], {"matmul": 0.11}, [Limits(seconds=60)], waits=once)
    assert observer.done[0].medians == pytest.approx([1e9 / 0.11] * 5)


def test_a_hiccup_is_seen_and_sampled_again():
    seen_at = 4
    costs = {"matmul": lambda seen: 0.5 if seen == seen_at else 0.1}
    observer, stand = staged([[task(work=0.1)]], costs, [Limits(seconds=60)])
    assert observer.done[0].medians == [1.0] * 5
    assert [visit[2] for visit in stand.visits] == [1, 1, 1, 1, 2, 1, 1]


LASTING = task("memory", lasting=True, rank=-1)
MANY = [task("a", conditions={"m": m}) for m in range(50)]


def test_what_is_lasting_is_timed_all_through_a_run_and_takes_little_of_it():
    stages = (Limits(seconds=30), Limits(seconds=10, wanted=10, span=6.0))
    costs = {"memory": 0.04, "a": 0.05, "b": 0.05}
    observer, stand = staged([[LASTING, *MANY], [task("b")]], costs, stages)
    (found,) = (series for series in observer.done if series.task.name == "memory")
    assert found.span > 13.0
    assert 12 <= len(found.medians) <= 25  # a look a second
    assert max(b - a for a, b in pairwise(found.times)) < 4.0
    assert sum(name == "memory" for name, _, _ in stand.visits) * 0.04 < 0.1 * found.times[-1]
    assert len([s for s in observer.done if s.task.name == "a"]) == 50


def test_what_is_lasting_has_its_looks_however_short_the_run():
    stages = (Limits(seconds=0.5), Limits(seconds=2.5, wanted=10, span=6.0, most=60))
    observer, _ = staged([[LASTING], [task("b")]], {"memory": 0.04, "b": 0.05}, stages)
    rounds = {series.task.name: len(series.medians) for series in observer.done}
    assert rounds["memory"] >= 8
    assert rounds["b"] >= 10


def test_what_is_lasting_and_did_not_fit_in_one_stage_is_begun_in_the_next():
    stages = (Limits(seconds=0.3), Limits(seconds=5.0))
    observer, _ = staged([[LASTING], []], {"memory": 0.2}, stages)
    assert [series.task.name for series in observer.done] == ["memory"]
    assert observer.gaps == []


def test_an_interrupt_in_the_first_stage_leaves_what_is_lasting():
    clock, observer = FakeClock(), FakeObserver()
    costs = {"memory": 0.04, "a": 0.05}
    stand = FakeStand(clock, costs, {"a": (230, KeyboardInterrupt())})
    schedule = Schedule(stand, clock, FakeReader(clock), observer, Limits(seconds=30))
    with pytest.raises(KeyboardInterrupt):
        schedule.run([LASTING, *MANY], last=False)
    assert "memory" in {series.task.name for series in observer.done}


def test_two_speeds_of_what_is_lasting_are_averaged_and_no_doubt():
    """A host that moves its guest: half of the looks at 47, half at 78."""
    stages = (Limits(seconds=30), Limits(seconds=10, wanted=10))
    costs = {"memory": lambda seen: 0.04 if seen // 5 % 2 else 0.066, "a": 0.05}
    observer, _ = staged([[LASTING, *MANY], []], costs, stages)
    (series,) = (series for series in observer.done if series.task.name == "memory")
    found = figure(series, stages[1], {})
    assert found.quality is Quality.VALID
    assert 1e9 / 0.066 < found.value < 1e9 / 0.04
    assert found.low < 1e9 / 0.06
    assert found.high > 1e9 / 0.045
