"""What is pretended is typed as the facts are, set where a field holds it, and said."""

import pytest

from advisor.errors import AdvisorError
from advisor.fact import Origin
from advisor.pipeline.pretend import gpus, in_facts, in_profile, settings, with_gpus
from advisor.vocabulary import Situation, state
from tests.fakes import PROFILE


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("memory.total=64 GiB", 64 * 2**30), ("cpu.governor=powersave", "powersave"),
        ("cpu.isa.avx2=false", False), ("gpu.temperature=90 °C", 90.0),
        ("software.driver=535.1", "535.1"), (" constraint.goal = cost ", "cost"),
    ],
)  # fmt: skip
def test_values(text, value):
    (setting,) = settings([text])
    assert setting.value == value


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("memory.totl=1GiB", "memory.total"), ("memory.total", "not FACT=VALUE"),
        ("memory.total=3 s", "is in bytes"), ("memory.total=much", "is in bytes"),
        ("cpu.isa.avx2=maybe", "true or false"), ("constraint.goal=fun", "latency"),
    ],
)  # fmt: skip
def test_slips(text, said):
    with pytest.raises(AdvisorError) as caught:
        settings([text])
    assert said in f"{caught.value} {caught.value.remedy}"


def test_profile_and_facts_follow():
    listed = settings(["memory.total=64 GiB", "gpu.memory=80 GiB", "cpu.cores=16"])
    edited = in_profile(PROFILE, listed)
    assert edited.machine.memory.total_bytes == 64 * 2**30
    assert edited.machine.devices[0].memory_bytes == 80 * 2**30
    assert edited.machine.cpu.cores == 16
    facts = in_facts(state(Situation(profile=PROFILE)), listed)
    told = facts.sets["gpu"].members[0].facts
    assert (told["gpu.memory"].value, told["gpu.memory"].origin) == (80 * 2**30, Origin.GIVEN)
    assert told["cpu.cores"].source == "--set"


def test_gpus_take_the_place_of_those_there():
    edited = with_gpus(PROFILE, gpus("2x NVIDIA A10", ()))
    assert [(d.id, d.name) for d in edited.machine.devices] == [
        ("gpu:0", "NVIDIA A10"), ("gpu:1", "NVIDIA A10"),
    ]  # fmt: skip
    assert not [m for m in edited.measurements if m.device.startswith("gpu")]
    assert [d.id for d in with_gpus(PROFILE, gpus("NVIDIA A10", ())).machine.devices] == ["gpu:0"]


@pytest.mark.parametrize("text", ["0x NVIDIA A10", "99x NVIDIA A10", "", "NVIDIA A1000000"])
def test_no_gpus(text):
    with pytest.raises(AdvisorError):
        gpus(text, ())
