"""A repair gains what its part of the step allows, and nothing surely where it may not bind."""

import pytest
from msgspec.structs import replace

from advisor.estimate import REPAIRS, Feeding, Interval, Plan
from advisor.machine import Device, Module
from advisor.predict.repairs import Repairs, mended, repairs
from advisor.predict.step import Step
from tests.fakes import CPU, machine

PLAN = Plan(phase="training", place="gpu:0", dtype="fp32", batch=8)
STEP = Step(1.0, "compute", 0.1, 0.1, {}, {"compute": 0.5, "memory": 0.4, "launch": 0.1})


def gain(there, feeding=None, plan=PLAN):
    (found,) = mended(plan, STEP, there, feeding).items()
    assert found[0] in REPAIRS
    return tuple(round(x, 4) for x in (found[1].low, found[1].likely, found[1].high))


@pytest.mark.parametrize(
    ("there", "gains"),
    [
        # Half of the step computes: eight times the power is twice the clock likely.
        (Repairs(power=8.0), (1.0, round(1 / 0.75, 4), round(1 / (0.5 + 0.5 / 8**0.5), 4))),
        (Repairs(clock=2.0), (1.0, round(1 / (0.5 + 0.5 / 1.7), 4), round(1 / 0.75, 4))),
        (Repairs(clock=1.1), (1.0, 1.0, round(1 / (0.5 + 0.5 / 1.1), 4))),
        (Repairs(transfers=2.0), (1.0, 1.25, 1.25)),
        (Repairs(channels=2.0), (1.0, 1.25, 1.25)),
        (Repairs(cpus=0.25), (round(1 / 0.75, 4), 1.6, round(1 / (0.1 + 0.9 / 4), 4))),
        (Repairs(foreign=0.25), (1.0, 1.3333, 2.0)),
        (Repairs(foreign=1.0), (1.0, 2.0, 2.0)),
        (Repairs(stolen=0.2), (1.0, 1.25, 1.25)),
    ],
)
def test_gains(there, gains):
    assert gain(there) == gains


def rate(value):
    return Interval(value, value, value, "samples/s")


@pytest.mark.parametrize(
    ("feeding", "phase", "gained"),
    [
        (Feeding(compute=rate(400.0), link=rate(100.0)), "inference", 4.0),
        (Feeding(compute=rate(150.0), link=rate(100.0)), "inference", 1.5),
        (Feeding(compute=rate(400.0), link=rate(100.0), input=rate(200.0)), "training", 2.0),
        (Feeding(compute=rate(50.0), link=rate(100.0)), "training", 1.0),
    ],
)
def test_a_wider_slot_gains_up_to_what_is_slowest_then(feeding, phase, gained):
    assert gain(Repairs(lanes=4.0), feeding, replace(PLAN, phase=phase))[1] == gained


def test_of_a_link_that_was_not_timed_nothing_is_said():
    assert mended(PLAN, STEP, Repairs(lanes=4.0), None) == {}
    assert mended(PLAN, STEP, Repairs(), None) == {}


def card(**fields):
    return repairs(machine(devices=(Device(id="gpu:0", **fields),)), "gpu:0")


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (card(power_limit_watts=300.0, power_default_watts=450.0), {"power": 1.5}),
        (card(power_limit_watts=450.0, power_default_watts=450.0), {}),
        (card(pcie_width=4, pcie_width_max=4, pcie_width_device=16), {"lanes": 4.0}),
        (card(utilization=0.3), {"foreign": 0.3}),
        (repairs(machine(), "gpu:7"), {}),
    ],
)
def test_what_a_card_has_lost(found, told):
    assert {name: value for name, value in found._asdict().items() if value} == told


def test_what_a_processor_has_lost():
    slow = Module(size_bytes=2**34, transfers_per_second=6e9, configured_transfers_per_second=4e9)
    cpu = replace(
        CPU, max_hz=5e9, limit_hz=2.5e9, threads_allowed=4, threads_online=16, steal=0.1,
        hypervisor=None,
    )  # fmt: skip
    told = machine(cpu=cpu)
    told = replace(told, memory=replace(told.memory, modules=(slow,), channels=1))
    found = repairs(told, "cpu")
    assert found == Repairs(clock=2.0, transfers=1.5, channels=2.0, cpus=0.25, stolen=0.1)
