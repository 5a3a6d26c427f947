"""A GPU that no plan could be predicted on is told apart from one that plans run on."""

import pytest
from msgspec.structs import replace

from advisor.device import Device, State
from advisor.estimate import Interval
from advisor.fact import Status
from advisor.vocabulary.foreseen import facts, plan_facts
from tests.vocabulary.test_plan import BLANK

SURE = replace(BLANK, throughput=Interval(1.0, 2.0, 3.0, "samples/s"))


def on(place, estimate=SURE):
    return replace(estimate, plan=replace(estimate.plan, place=place))


@pytest.mark.parametrize(
    ("estimates", "value"),
    [
        ([on("gpu:1")], True),
        ([on("gpu:0+1")], True),
        ([on("gpu:0"), on("cpu"), on("gpu:1", replace(BLANK, throughput=None))], False),
        ([on("gpu:11")], False),
    ],
)
def test_predicted(estimates, value):
    assert facts(Device(id="gpu:1"), estimates)["gpu.predicted"].value is value


def test_a_plan_on_a_gpu_of_its_kind_speaks_of_it_too():
    mine, other = (Device(id=f"gpu:{n}", name="NVIDIA L4", memory_bytes=24) for n in (1, 0))
    for like, value in ((other, True), (replace(other, memory_bytes=48), False)):
        assert facts(mine, [on("gpu:0")], [mine, like])["gpu.predicted"].value is value


def test_nothing_was_asked():
    assert facts(Device(id="gpu:1"), [])["gpu.predicted"].status is Status.MISSING


@pytest.mark.parametrize(
    ("place", "state"),
    [("cpu", None), ("gpu:0", "present"), ("gpu:0+1", "broken"), ("offload:1", "broken")],
)
def test_the_state_of_what_a_plan_runs_on(place, state):
    states = {"gpu:0": State.PRESENT, "gpu:1": State.BROKEN}
    told = plan_facts(on(place), states)["plan.device_state"]
    assert (told.value, told.status is Status.MISSING) == (state, state is None)
