"""Accelerators are looked at while they are timed; these are made up, none is here."""

import time

import pytest

from advisor.bench.cards import Cards
from advisor.bench.figures import figure
from advisor.bench.schedule import Schedule
from advisor.bench.series import Limits
from advisor.device import Device
from advisor.measurement import Quality
from tests.bench.fakes import FakeClock, FakeObserver, FakeReader, FakeStand, task


def card(temperature, reasons=(), clock=1.5e9):
    return Device(
        id="gpu:0", temperature_celsius=temperature, throttle_reasons=reasons, clock_hz=clock
    )


def seen(*looks):
    shown = iter(looks)
    cards = Cards(lambda: (next(shown),))
    for _ in looks:
        cards.glance()
    return cards


@pytest.mark.parametrize(
    ("reasons", "words"),
    [
        ((), None),
        (("sw_power_cap",), None),  # how most cards run under full load
        (("hw_thermal", "sw_thermal"), "gpu:0 was slowed down by heat (91 °C)"),
        (("hw_power_brake",), "gpu:0 was slowed down by its power supply (91 °C)"),
    ],
)
def test_what_slows_a_card_down_is_a_cause(reasons, words):
    cards = seen(card(80.0), card(91.0, reasons))
    assert cards.slowed("gpu:0") == words
    assert cards.slowed("gpu:0") is None  # nothing new since


def test_clocks_and_heat_are_conditions():
    cards = seen(card(60.0, clock=1.9e9), card(84.0, ("sw_power_cap",), clock=1.4e9))
    assert cards.conditions("gpu:0") == {
        "temperature_celsius": 84.0,
        "clock_hz_least": 1.4e9,
        "clock_held_by": "sw_power_cap",
    }
    assert cards.conditions("cpu") == {}


def test_it_looks_by_itself_until_told_to_stop():
    cards = Cards(lambda: (card(50.0),), every=0.001)
    cards.start()
    until = time.monotonic() + 5
    while not cards.conditions("gpu:0") and time.monotonic() < until:
        time.sleep(0.001)
    cards.stop()
    assert cards.conditions("gpu:0")["temperature_celsius"] == 50.0


def test_a_slowed_card_makes_its_figures_suspect_and_no_others():
    clock, observer, limits = FakeClock(), FakeObserver(), Limits(seconds=60, most=6)
    stand = FakeStand(clock, {"a": 0.11, "b": 0.11})
    tasks = [task("a", device="gpu:0"), task("b")]
    Schedule(stand, clock, FakeReader(clock, hot=("gpu:0",)), observer, limits).run(tasks)
    found = {s.task.name: figure(s, limits, {}) for s in observer.done}
    assert (found["a"].quality, found["a"].cause) == (
        Quality.SUSPECT,
        "gpu:0 was slowed down by heat",
    )
    assert found["b"].quality is Quality.VALID
