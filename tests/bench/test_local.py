import pytest

from advisor.bench.local import time_calls
from advisor.bench.series import Limits
from tests.bench.fakes import FakeClock, FakeReader, task


class Bench:
    """Callables that take the seconds they are told to, and a note of the order they ran in."""

    def __init__(self):
        self.clock = FakeClock()
        self.order = []

    def call(self, name, seconds, cold=0.0):
        def run():
            fresh = not self.order or self.order[-1] != name
            self.order.append(name)
            self.clock.seconds += seconds + (cold if fresh else 0.0)

        return run

    def time(self, *work, wait=None, **limits):
        reader = FakeReader(self.clock)
        limits = Limits(**{"seconds": 60, **limits})
        return time_calls(work, self.clock, reader, limits, wait=wait)


def op(name):
    return task(name, work=0.0, unit="s")


def test_callables_are_timed_interleaved_with_the_first_call_apart():
    bench = Bench()
    work = [(op(name), bench.call(name, 0.001, cold=0.002)) for name in ("a", "b")]
    (one, other), gaps = bench.time(*work)
    assert gaps == []
    assert {one.name, other.name} == {"a", "b"}
    assert (one.value, one.unit, one.rounds) == (pytest.approx(0.001), "s", 5)
    assert one.conditions["first_call"] == pytest.approx(0.003)
    changes = sum(a != b for a, b in zip(bench.order, bench.order[1:], strict=False))
    assert changes > 10


def test_a_device_with_a_queue_is_waited_for():
    bench = Bench()

    def wait():
        bench.clock.seconds += 0.5

    (found,), _ = bench.time((op("a"), lambda: None), wait=wait, seconds=600)
    assert found.value == pytest.approx(0.5)


@pytest.mark.parametrize("error", [RuntimeError("no kernel"), ValueError("no kernel")])
def test_a_callable_that_fails_is_a_gap_and_the_rest_is_timed(error):
    bench = Bench()

    def broken():
        raise error

    found, gaps = bench.time((op("a"), broken), (op("b"), bench.call("b", 0.01)))
    assert [m.name for m in found] == ["b"]
    assert [(gap.what, gap.why) for gap in gaps] == [("measurements.a.cpu", "no kernel")]
