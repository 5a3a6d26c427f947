from random import Random

import msgspec
import pytest

from advisor.bench.figures import figure
from advisor.bench.schedule import Schedule
from advisor.bench.series import Limits
from advisor.bench.statistics import summarize
from advisor.measurement import Quality
from tests.bench.fakes import (
    FULL,
    LOST,
    FakeClock,
    FakeObserver,
    FakeReader,
    FakeStand,
    task,
)


def run(tasks, costs, limits, failures=None, busy=lambda wall: 0.0, waits=lambda visit: 0.0):
    clock = FakeClock()
    stand = FakeStand(clock, costs, failures, waits)
    observer = FakeObserver()
    Schedule(stand, clock, FakeReader(clock, busy), observer, limits).run(tasks)
    return observer, stand, clock


def test_a_steady_task_takes_the_least_rounds_of_long_batches():
    observer, stand, _ = run([task()], {"matmul": 0.001}, Limits(seconds=30))
    series = observer.done[0]
    assert series.medians == [1e12] * 5
    assert series.calls == 10  # 10 calls of 1 ms are a batch of 10 ms
    # one call to see, a quarter of a batch to see better, then rounds of 0.1 s: nine visits each
    assert stand.visits[:3] == [("matmul", 1, 1), ("matmul", 3, 1), ("matmul", 10, 1)]
    assert len(stand.visits) == 2 + 5 * 10


def test_tasks_are_interleaved_in_an_order_that_changes():
    tasks = [task("a"), task("b"), task("c")]
    _, stand, _ = run(tasks, dict.fromkeys("abc", 0.05), Limits(seconds=30))
    rounds = [[v[0] for v in stand.visits[i : i + 3]] for i in range(3, len(stand.visits), 3)]
    assert len(rounds) == 5
    assert all(sorted(names) == ["a", "b", "c"] for names in rounds)
    assert len({tuple(names) for names in rounds}) > 1


def test_an_unsteady_task_goes_on_to_the_most_rounds():
    costs = {"matmul": lambda seen: 0.11 if seen % 2 else 0.13}
    observer, _, _ = run([task()], costs, Limits(seconds=100, most=12))
    assert len(observer.done[0].medians) == 12


def test_an_unsteady_task_stops_with_the_time():
    costs = {"matmul": lambda seen: 0.11 if seen % 2 else 0.13}
    observer, _, clock = run([task()], costs, Limits(seconds=2, most=100))
    assert len(observer.done[0].medians) > 5
    assert clock.now() <= 2.0


def test_what_does_not_fit_in_the_time_is_a_gap_with_its_remedy():
    tasks = [task("slow", rank=1), task("quick")]
    observer, _, _ = run(tasks, {"slow": 2.0, "quick": 0.01}, Limits(seconds=5))
    assert [series.task.name for series in observer.done] == ["quick"]
    assert observer.gaps[0].what == "measurements.slow.cpu"
    assert observer.gaps[0].why == "5 rounds of it do not fit in 5 s"
    assert observer.gaps[0].remedy == "mlinfra bench slow --time 10s"


def test_shapes_far_too_large_are_never_tried():
    shapes = [task(work=10.0**power, most_seconds=0.06) for power in (7, 8, 9, 10, 11, 12)]
    clock = FakeClock()

    class Steady(FakeStand):
        def sample(self, task, calls, samples):
            self.costs["matmul"] = task.work / 1e11
            return super().sample(task, calls, samples)

    stand = Steady(clock, {})
    observer = FakeObserver()
    Schedule(stand, clock, FakeReader(clock), observer, Limits(seconds=60)).run(shapes)
    assert sorted(s.task.work for s in observer.done) == [1e7, 1e8, 1e9]
    assert observer.gaps == []


def test_a_task_that_fails_is_a_gap_and_the_rest_goes_on():
    tasks = [task("a"), task("b")]
    failures = {"a": (4, FULL)}
    observer, _, _ = run(tasks, {"a": 0.05, "b": 0.05}, Limits(seconds=30), failures)
    assert [series.task.name for series in observer.done] == ["b"]
    assert [gap.why for gap in observer.gaps] == ["out of memory"]


def test_a_lost_device_takes_its_tasks_along_but_not_what_stands():
    tasks = [
        task("a", device="gpu:0"),
        task("b", device="gpu:0"),
        task("c", device="gpu:0", rank=9),
        task("host"),
    ]
    noisy = {name: (lambda seen: 0.05 if seen % 2 else 0.06) for name in ("a", "b", "c", "host")}
    limits = Limits(seconds=30, most=8)
    observer, _, _ = run(tasks, noisy, limits, {"a": (8, LOST)})
    finished = {series.task.name: len(series.medians) for series in observer.done}
    assert finished["host"] == 8
    assert all(5 <= finished[name] < 8 for name in "abc")  # lost late: their rounds stand
    observer, stand, _ = run(tasks, noisy, limits, {"a": (1, LOST)})
    assert [series.task.name for series in observer.done] == ["host"]
    assert {gap.what for gap in observer.gaps} == {f"measurements.{n}.gpu:0" for n in "abc"}
    assert {name for name, _, _ in stand.visits} == {"a", "host"}


def test_an_interrupt_passes_through_and_leaves_what_stands():
    clock = FakeClock()
    costs = {"matmul": lambda seen: 0.11 if seen % 2 else 0.13}
    stand = FakeStand(clock, costs, {"matmul": (8, KeyboardInterrupt())})
    observer = FakeObserver()
    schedule = Schedule(stand, clock, FakeReader(clock), observer, Limits(seconds=60, most=99))
    with pytest.raises(KeyboardInterrupt):
        schedule.run([task()])
    assert [len(series.medians) for series in observer.done] == [6]


@pytest.mark.parametrize(
    ("visits", "cause"), [(5, "3 rounds in place of 5: interrupted"), (4, None)]
)
def test_an_interrupt_leaves_a_doubted_figure_of_three_rounds_and_none_of_two(visits, cause):
    clock, observer = FakeClock(), FakeObserver()
    stand = FakeStand(clock, {"matmul": 0.2}, {"matmul": (visits, KeyboardInterrupt())})
    limits = Limits(seconds=60)
    with pytest.raises(KeyboardInterrupt):
        Schedule(stand, clock, FakeReader(clock), observer, limits).run([task()])
    figures = [figure(series, limits, {}) for series in observer.done]
    assert [found.cause for found in figures] == ([cause] if cause else [])
    assert all(found.quality is Quality.SUSPECT for found in figures)


def test_a_device_is_held_under_load_before_its_first_round():
    held = task("peak", device="gpu:0", hold_seconds=1.0)
    _, stand, _ = run([held], {"peak": 0.05}, Limits(seconds=30))
    assert len(stand.visits) == 1 + 20 + 5 * 2


def test_disturbed_rounds_are_set_aside_when_enough_remain():
    # another process is busy for a second, from the second 0.3 on
    busy = lambda wall: min(max(wall - 0.3, 0.0), 1.0)  # noqa: E731
    observer, _, _ = run([task()], {"matmul": 0.1}, Limits(seconds=60), busy=busy)
    series = observer.done[0]
    assert len(series.medians) > 5
    assert len(series.clean()) == 5


def test_where_every_visit_is_disturbed_it_is_said_and_costs_little():
    limits = Limits(seconds=60)
    observer, stand, _ = run([task()], {"matmul": 0.1}, limits, waits=lambda visit: 0.05)
    found = figure(observer.done[0], limits, {})
    assert found.quality is Quality.SUSPECT
    assert found.cause == "a thread waited 50% of the time for a processor that others had"
    assert 0.1 * sum(calls * samples for _, calls, samples in stand.visits) < 60


def test_a_slow_episode_is_not_averaged_in():
    costs = {"matmul": lambda seen: 0.3 if seen in {4, 5} else 0.1}
    limits = Limits(seconds=60)
    observer, _, _ = run([task(samples=1)], costs, limits)
    found = figure(observer.done[0], limits, {})
    assert (found.value, found.quality) == (pytest.approx(1e10), Quality.VALID)
    costs = {"matmul": lambda seen: 0.3 if 3 <= seen <= 8 else 0.1}
    observer, _, _ = run([task()], costs, Limits(seconds=60, most=5))  # no time for a better one
    found = figure(observer.done[0], limits, {})
    assert found.quality is not Quality.VALID
    assert "rounds ran at two speeds, 3 times apart" in found.cause


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.10])
def test_over_a_thousand_runs_the_interval_holds_the_next_run(noise):
    """The whole path, stopping by width included; without a floor, which could only widen it."""
    held = 0
    for seed in range(1000):
        random = Random(seed)
        draw = lambda _seen=0, random=random: 0.2 / random.gauss(1.0, noise)  # noqa: E731
        observer, _, _ = run([task(work=0.2)], {"matmul": draw}, Limits(seconds=600, most=15))
        found = summarize(observer.done[0].clean())
        held += found.low <= 0.2 / draw() <= found.high
    assert 930 <= held <= 970


def test_a_task_is_steady_at_the_width_of_its_floor():
    costs = {"matmul": lambda seen: 0.11 if seen % 2 else 0.12}
    limits = Limits(seconds=60, most=30, width=0.01)
    wide, _, _ = run([task(floor=0.2)], costs, limits)
    narrow, _, _ = run([task(floor=0.01)], costs, limits)
    assert len(wide.done[0].medians) == 5
    assert len(narrow.done[0].medians) == 30


@pytest.mark.parametrize(("cost", "samples"), [(0.2, 1), (0.04, 2), (0.001, 3)])
def test_long_batches_need_fewer_samples(cost, samples):
    observer, _, _ = run([task(samples=3)], {"matmul": cost}, Limits(seconds=60))
    assert observer.done[0].task.samples == samples


@pytest.mark.parametrize(("cost", "samples"), [(0.005, 1), (0.02, 3)])
def test_a_short_stage_takes_rounds_of_one_sample_unless_that_is_the_first_call(cost, samples):
    observer, _, _ = run([task(samples=3)], {"matmul": cost}, Limits(seconds=3))
    assert observer.done[0].task.samples == samples
    assert len(observer.done[0].medians) == 5


def test_what_takes_long_to_be_made_ready_is_not_begun_at_the_end():
    slow = task("disk", rank=1, setup_seconds=1.0)
    observer, stand, _ = run([task(), slow], {"matmul": 0.2, "disk": 0.01}, Limits(seconds=2))
    assert [gap.what for gap in observer.gaps] == ["measurements.disk.cpu"]
    assert "disk" not in {name for name, _, _ in stand.visits}


def test_the_work_really_done_is_what_counts():
    clock = FakeClock()

    class Halving(FakeStand):
        def sample(self, task, calls, samples):
            made = super().sample(task, calls, samples)
            return msgspec.structs.replace(made, work=4.0)

    observer = FakeObserver()
    stand = Halving(clock, {"matmul": 0.1})
    Schedule(stand, clock, FakeReader(clock), observer, Limits(seconds=60)).run([task(work=8.0)])
    assert observer.done[0].medians == [40.0] * 5


def test_when_the_machine_slows_down_the_last_in_rank_is_given_up():
    tasks = [task("first"), task("last", rank=2, dtype="fp16"), task("middle", rank=1)]
    slow = lambda seen: 0.1 if seen <= 2 else 0.25  # noqa: E731
    costs = dict.fromkeys(("first", "last", "middle"), slow)
    observer, _, clock = run(tasks, costs, Limits(seconds=1.6))
    assert {series.task.name for series in observer.done} == {"first", "middle"}
    assert [gap.what for gap in observer.gaps] == ["measurements.last.cpu.fp16"]
    assert clock.now() <= 1.6 * 1.25 + 0.25


def crowded(count, seconds, slow):
    """Run tasks of 20 ms, one of them core, that take ``slow(wall)`` times as long."""
    clock = FakeClock()
    tasks = [task(conditions={"m": m}, rank=1) for m in range(count)]
    tasks.append(task("core", rank=-1))
    stand = FakeStand(clock, dict.fromkeys(("matmul", "core"), lambda _: 0.02 * slow(clock.now())))
    observer = FakeObserver()
    Schedule(stand, clock, FakeReader(clock), observer, Limits(seconds=seconds)).run(tasks)
    return observer, clock


@pytest.mark.parametrize("begin", [0.5, 3.0, 4.5, 7.0])
def test_one_disturbed_round_loses_nothing(begin):
    observer, _ = crowded(100, 17.0, lambda wall: 4.0 if begin < wall < begin + 1.0 else 1.0)
    assert len(observer.done) >= 80
    assert "core" in {series.task.name for series in observer.done}
    lost = 100 - (len(observer.done) - 1)
    assert lost <= 20  # a second at a quarter of the speed is 7 of the visits that fit


def test_under_load_the_core_stands_and_what_comes_last_is_given_up():
    observer, clock = crowded(60, 8.0, lambda wall: 1.0 if wall < 2.0 else 20.0)
    done = {series.task.name: series for series in observer.done}
    assert len(done["core"].medians) >= 3
    assert len(observer.done) < 30
    assert clock.now() <= 8 * 1.25 + 2 * 0.4


def test_too_few_rounds_are_a_figure_that_says_so():
    costs = {"matmul": lambda seen: 0.1 if seen == 1 else 1.0}
    limits = Limits(seconds=3)
    observer, _, _ = run([task(rank=-1)], costs, limits)
    found = figure(observer.done[0], limits, {})
    assert found.rounds == 3
    assert found.quality is Quality.SUSPECT
    assert found.cause == "3 rounds in place of 5: the time was over"


def test_what_is_not_steady_has_time_for_more_rounds():
    """The surface fills the time, and one of its points has a hiccup in one of five rounds."""
    tasks = [task(conditions={"m": m}, rank=1) for m in range(100)]
    clock = FakeClock()
    stand = FakeStand(clock, {})
    stand.costs["matmul"] = lambda seen: 0.06 if len(stand.visits) == 150 else 0.05
    observer = FakeObserver()
    Schedule(stand, clock, FakeReader(clock), observer, Limits(seconds=20)).run(tasks)
    assert sorted({len(series.medians) for series in observer.done}) == [5, 24]
    assert clock.now() <= 20


def test_a_round_never_runs_far_past_the_time():
    costs = {name: (lambda seen: 0.1 if seen == 1 else 3.0) for name in "abcdef"}
    observer, _, clock = run([task(name) for name in "abcdef"], costs, Limits(seconds=8))
    assert clock.now() <= 8 * 1.25 + 3 * 3.0  # the last visit, and its second look
    assert observer.done == []
    assert len(observer.gaps) == 6


def test_cold_calls_are_left_to_the_rounds():
    """Their time is short: those of a calibration would not be in the figure."""
    _, stand, _ = run([task(washed=True)], {"matmul": 0.001}, Limits(seconds=30))
    assert stand.washed[:2] == [False, False]
    assert all(stand.washed[2:])
