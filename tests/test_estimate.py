"""A plan names itself in a line."""

import pytest

from advisor.estimate import Basis, Interval, Plan, Verified, timed_here


def test_plan_in_a_line():
    plan = Plan(phase="training", place="gpu:0", dtype="bf16", batch=32)
    assert str(plan) == "training on gpu:0, bf16, batch 32"


def test_plans_that_differ_have_ids_that_differ():
    one = Plan(phase="training", place="gpu:0", dtype="bf16", batch=32)
    assert one.id == "training/gpu:0/bf16/32"


def test_verified():
    one = Verified(
        plan=Plan(phase="training", place="cpu", dtype="fp32", batch=1),
        seconds=Interval(0.9, 1.0, 1.2, "s"), measured_seconds=1.25,
        memory_bytes=Interval(80, 100, 120, "bytes"), measured_memory_bytes=50.0, passes=3,
    )  # fmt: skip
    assert (one.ratio, one.memory_ratio, one.held) == (0.8, 2.0, False)


@pytest.mark.parametrize(
    ("place", "devices"),
    [
        ("cpu", {"cpu"}), ("gpu:1", {"gpu:1"}), ("gpu:0+2", {"gpu:0", "gpu:2"}),
        ("offload:0", {"gpu:0"}), ("gpu:0/mig:1", {"gpu:0/mig:1"}), ("cloud", {"cloud"}),
    ],
)  # fmt: skip
def test_a_plan_takes_devices(place, devices):
    assert Plan(phase="training", place=place, dtype="fp32", batch=1).devices == devices


@pytest.mark.parametrize(
    ("told", "timed"),
    [
        ((), False),
        ((("gpu.matmul_peak.bf16", "catalogue"),), False),
        ((("disk.read", "measured"), ("cpu.input_rate", "measured")), False),
        ((("disk.read", "measured"), ("cpu.memory_triad", "measured")), True),
    ],
)
def test_what_feeds_a_place_does_not_time_it(told, timed):
    basis = [Basis(fact=fact, value=1.0, origin=origin, source="s") for fact, origin in told]
    assert timed_here(basis) is timed
