"""Sets hold who is there; who may be there unseen is said; plans carry their ratios."""

from advisor.estimate import Estimate, Interval, Plan
from advisor.vocabulary import Situation, state
from tests.fakes import BROKEN, GPU, PROFILE, machine, profile


def members(facts, name):
    return [subject.id for subject in facts.sets[name].members]


def test_a_broken_gpu_is_a_device_but_no_gpu():
    told = state(Situation(profile=profile(machine=machine(devices=(GPU, BROKEN)))))
    assert members(told, "device") == ["gpu:0", "gpu:1"]
    assert members(told, "gpu") == ["gpu:0"]
    assert told.sets["gpu"].unseen == "gpu:1 is broken: GPU is lost"


def test_no_gpu_is_known_to_be_empty():
    told = state(Situation(profile=profile(machine=machine(devices=()))))
    assert (members(told, "gpu"), told.sets["gpu"].unseen) == ([], None)


def test_machine_facts_are_seen_under_every_set():
    told = state(Situation(profile=PROFILE))
    for name in ("machine", "gpu", "disk", "device"):
        assert told.sets[name].members[0].facts["cpu.cores"].value == 4


def estimate(place: str, dtype: str, rate: float) -> Estimate:
    return Estimate(
        plan=Plan(phase="training", place=place, dtype=dtype, batch=8),
        throughput=Interval(rate * 0.9, rate, rate * 1.1, "samples/s"), seconds=None,
        memory_bytes=Interval(8, 10, 12, "bytes"), memory_available=100.0, bound="compute",
    )  # fmt: skip


def test_plans_carry_ratios_and_the_facts_of_their_place():
    plans = (
        estimate("cpu", "fp32", 2),
        estimate("gpu:0", "fp32", 10),
        estimate("gpu:0", "bf16", 20),
    )

    def ratio(a, b):
        value = a.throughput.likely / b.throughput.likely
        return Interval(value * 0.8, value, value * 1.2, "1")

    told = state(Situation(profile=PROFILE, estimates=plans, ratio=ratio))
    facts = told.sets["plan"].members[2].facts
    assert facts["plan.speedup"].value == 10
    assert facts["plan.fp32_gain"].value == 2
    assert facts["plan.memory_share"].high == 0.12
    assert facts["gpu.name"].value == "NVIDIA L4"
    assert "gpu.name" not in told.sets["plan"].members[0].facts
