from random import Random
from statistics import fmean

import msgspec
import pytest

from advisor.bench.passes import Passes, combined, count
from advisor.bench.session import Listeners, Session
from advisor.machine import Gap
from advisor.measurement import Quality
from tests.bench.fakes import FakeClock, FakeReader, FakeStand, task
from tests.bench.test_session import SITE, plugin
from tests.fakes import measured

PEAK = measured("matmul.peak", "cpu", 100.0, "FLOP/s", dtype="fp32", cause=None)


def process(value, **more):
    return msgspec.structs.replace(PEAK, value=value, low=0.9 * value, high=1.1 * value, **more)


@pytest.mark.parametrize(("seconds", "processes"), [(6, 1), (17, 1), (18, 3), (45, 5), (999, 5)])
def test_as_many_processes_as_the_time_is_for(seconds, processes):
    assert count(seconds) == processes


def test_the_width_is_that_between_processes():
    found = combined([process(value) for value in (98.0, 99.0, 100.0, 101.0, 102.0)], 0.0)
    # s = √2.5, t(4) = 2.776, √(2/5)
    assert found.value == 100.0
    assert found.high - 100.0 == pytest.approx(2.776 * 2.5**0.5 * 0.4**0.5)
    assert (found.rounds, found.quality) == (25, Quality.VALID)
    assert found.conditions["processes"] == 5


def test_steady_processes_are_narrower_than_their_class_but_not_sure():
    found = combined([process(100.0)] * 5, 0.10)
    assert found.high / found.value - 1 == pytest.approx(0.05)


def test_a_disturbed_process_is_set_aside_where_enough_remain():
    doubt = {"quality": Quality.SUSPECT, "cause": "heat"}
    calm = [process(value) for value in (99.0, 100.0, 101.0)]
    found = combined([*calm, process(40.0, **doubt)], 0.0)
    assert (found.value, found.quality, found.conditions["processes"]) == (100.0, Quality.VALID, 3)
    found = combined([process(value, **doubt) for value in (99.0, 100.0, 101.0)], 0.0)
    assert (found.quality, found.cause) == (Quality.SUSPECT, "heat")
    assert found.high - 100.0 == pytest.approx(2 * 4.303 * (2 / 3) ** 0.5, rel=1e-3)


def test_too_few_processes_tell_no_spread():
    assert combined([process(99.0), process(100.0, rounds=9)], 0.1) == process(100.0, rounds=9)


def test_what_one_process_missed_and_another_timed_is_no_gap():
    passes, one = Passes(), task(dtype="fp32")
    passes.add(one, PEAK)
    late, other = Gap(one.what, "5 rounds of it do not fit"), Gap("measurements.disk", "no disk")
    assert passes.missing([late, other, other]) == [other]


class Processes(FakeStand):
    """Each process runs at a speed of its own, each visit a little off it."""

    def __init__(self, clock, random, noise):
        super().__init__(clock, {})
        self.random, self.noise = random, noise
        self.renewed = -1
        self.renew()

    def renew(self):
        self.renewed += 1
        self.speed = self.random.gauss(1.0, self.noise)
        self.costs["a"] = lambda _seen: 0.2 / (self.speed + self.random.gauss(0.0, self.noise / 3))
        return self.speed


@pytest.mark.parametrize("noise", [0.01, 0.03, 0.10])
def test_over_a_thousand_runs_the_interval_holds_the_next_run(noise):
    held = 0
    for seed in range(1000):
        random = Random(seed)
        values = [random.gauss(1.0, noise) for _ in range(10)]
        found = combined([process(value) for value in values[:5]], 0.0)
        held += found.low <= fmean(values[5:]) <= found.high
    assert 930 <= held <= 970


def test_a_thorough_run_times_in_one_process_after_another():
    """A hundred runs through the whole path: the processes differ by 3 %, the class is at 10 %."""
    held, widths = 0, []
    for seed in range(100):
        clock = FakeClock()
        stand = Processes(clock, Random(seed), 0.03)
        (found,) = thorough(stand, clock, [task("a", work=0.2)])
        assert found.conditions["processes"] == stand.renewed + 1 == 5
        following = fmean(stand.renew() for _ in range(5))
        held += found.low <= following <= found.high
        widths.append(found.high / found.value - 1)
    assert held >= 90
    assert sorted(widths)[50] < 0.10


def thorough(stand, clock, tasks, keep=lambda _: None):
    session = Session(stand, clock, FakeReader(clock), SITE, Listeners(lambda _: None, keep))
    session.renew = stand.renew
    session.run([plugin([], tasks)], 36.0, thorough=True)
    return session.measurements


def test_an_interrupt_keeps_what_earlier_processes_gave():
    clock, kept = FakeClock(), []
    stand = Processes(clock, Random(1), 0.01)
    stand.failures["a"] = (60, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        thorough(stand, clock, [task("a", work=0.2)], kept.append)
    assert len(kept) == 1
    assert stand.renewed >= 1
