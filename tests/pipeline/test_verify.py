"""Predicted stands beside measured, on this very machine."""

from pathlib import Path

import msgspec
import pytest

from advisor import book
from advisor.constants import ConstantSet
from advisor.estimate import Plan
from advisor.machine import Cpu, Machine, Memory
from advisor.measurement import Measurement
from advisor.pipeline.look import Look
from advisor.pipeline.verify import errand, verify
from advisor.profile import Profile

FOLDERS = (Path(__file__).parents[2] / "rules",)
PLAN = Plan(phase="inference", place="cpu", dtype="fp32", batch=2)


def row(name, value, **more):
    return Measurement(
        name=name, device="cpu", value=value, low=value * 0.9, high=value * 1.1, unit="",
        rounds=5, conditions={"threads": 1}, **more,
    )  # fmt: skip


@pytest.fixture
def workload():
    return book.workload("rl", FOLDERS)


def profile(*rows):
    return Profile(
        tool="0", taken="", machine=Machine(cpu=Cpu(), memory=Memory()), measurements=rows
    )


def constants():
    return {"cpu": book.constants("cpu", FOLDERS, ConstantSet)}


def test_predicted_beside_measured(workload):
    pytest.importorskip("torch", reason="torch is not installed")
    known = profile(row("matmul.peak", 1e11, dtype="fp32"), row("memory.triad", 1e10))
    (one,), gaps = verify(
        workload, known, constants(), [PLAN], seconds=0.01, replay=False, look=Look()
    )
    assert gaps == ()
    assert one.plan == PLAN
    assert one.ratio == one.seconds.likely / one.measured_seconds > 0
    assert 0.2 < one.memory_ratio < 5
    assert one.held == (one.seconds.low <= one.measured_seconds <= one.seconds.high)


def test_what_cannot_be_predicted_is_not_run(workload):
    found, (gap,) = verify(
        workload, profile(), constants(), [PLAN], seconds=0.01, replay=False, look=Look()
    )
    assert found == ()
    assert (gap.why, gap.remedy) == (
        "no matmul peak in fp32 was measured on cpu",
        "mlinfra bench matmul",
    )


def test_a_users_function_is_run_by_its_name(workload):
    own = msgspec.structs.replace(workload, name="mine.nets:make")
    assert errand(own, PLAN, profile(), 2.0).network == "mine.nets:make"


def test_errand(workload):
    made = errand(workload, PLAN, profile(row("memory.triad", 1e10)), 2.0)
    assert (made.network, made.threads, made.device, made.batch) == (
        "advisor.model.networks.rl",
        1,
        "cpu",
        2,
    )


def test_half_of_what_is_free_is_left_to_others(workload):
    machine = Machine(cpu=Cpu(), memory=Memory(available_bytes=500_000_000))
    rows = (row("matmul.peak", 1e11, dtype="fp32"), row("memory.triad", 1e10))
    told = msgspec.structs.replace(profile(*rows), machine=machine)
    assert errand(workload, PLAN, told, 2.0).most_bytes == 250_000_000
    found, (gap,) = verify(
        workload, told, constants(), [PLAN], seconds=0.01, replay=False, look=Look()
    )
    assert found == ()
    assert "half of what is free is 238 MiB" in gap.why


def test_a_language_model_is_run_as_it_is_served():
    model = book.workload("llm-1b", FOLDERS)
    made = errand(model, msgspec.structs.replace(PLAN, phase="decode"), profile(), 2.0)
    assert made.network == "advisor.model.networks.generator"
    assert (made.phase, made.llm, made.most_bytes) == ("decode", model.llm, None)
