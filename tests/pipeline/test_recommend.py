"""The answer rests on the profile's numbers, and moves with them."""

import json
from pathlib import Path

import msgspec
import pytest

from advisor.constraint import Constraints
from advisor.errors import AdvisorError
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, recommend
from advisor.profile import Profile
from advisor.render import Style, render
from advisor.report import Recommendation
from tests.fakes import GPU, MACHINE, PROFILE, machine, measured, profile

PLANTED = 123.4e12


def never() -> Profile:
    raise AssertionError("a saved profile is not timed")


def ask(tmp_path, looked_at: Profile, workload: str = "cnn") -> Recommendation:
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(looked_at))
    return recommend(Question(workload=workload, look=Look(profile=path)), never)


def planted(rate: float) -> Profile:
    return profile(
        measurements=(
            measured(
                "matmul.peak",
                "gpu:0",
                rate,
                "FLOP/s",
                dtype="fp16",
                low=rate * 0.98,
                high=rate * 1.02,
            ),
            measured("matmul.peak", "gpu:0", rate / 4, "FLOP/s", dtype="fp32"),
            measured("memory.copy", "gpu:0", 2e12, "bytes/s"),
            measured("matmul.peak", "cpu", 3e11, "FLOP/s", dtype="fp32"),
            measured("memory.triad", "cpu", 2e10, "bytes/s"),
        )
    )


def test_a_planted_peak_is_seen_everywhere(tmp_path):
    report = ask(tmp_path, planted(PLANTED))
    chosen = report.plans["inference"].chosen
    assert chosen is not None
    assert (chosen.place, chosen.dtype) == ("gpu:0", "fp16")
    assert PLANTED in [b.value for b in chosen.basis if b.fact == "gpu.matmul_peak.fp16"]
    told = json.loads(render(report, "json", Style()))
    assert PLANTED in [m["value"] for m in told["measurements"]]
    assert "123.4 TFLOP/s" in render(report, "table", Style(explain=True))


def test_half_the_peak_changes_the_rate(tmp_path):
    def rate(peak: float) -> float:
        chosen = ask(tmp_path, planted(peak)).plans["inference"].chosen
        assert chosen is not None
        assert chosen.throughput is not None
        return chosen.throughput.likely

    assert rate(PLANTED / 2) < 0.9 * rate(PLANTED)


@pytest.mark.parametrize("workload", ["cnn", "llm-7b", "trees"])
def test_every_workload_has_an_answer_or_a_reason(tmp_path, workload):
    for answer in ask(tmp_path, PROFILE, workload).plans.values():
        assert answer.chosen or answer.why_none


def test_without_measurements_no_number_is_invented(tmp_path):
    stranger = machine(devices=(msgspec.structs.replace(GPU, name="a GPU of no known name"),))
    report = ask(tmp_path, profile(machine=stranger, measurements=()))
    for answer in report.plans.values():
        assert answer.chosen is None
        assert answer.why_none


def test_what_does_not_fit_is_ruled_out_by_name(tmp_path):
    tight = machine(capacity={**MACHINE.capacity, "memory": (MACHINE.capacity["memory"][0],)})
    report = ask(tmp_path, profile(machine=tight), "llm-7b")
    rules = {r.rule for answer in report.plans.values() for r in answer.rejected}
    assert "plan-must-fit-memory" in rules


def test_same_profile_same_bytes(tmp_path):
    first, second = (ask(tmp_path, PROFILE) for _ in range(2))
    assert msgspec.json.encode(first) == msgspec.json.encode(second)


RECORDED = sorted((Path(__file__).parents[1] / "captures" / "profiles").glob("*.json"))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
@pytest.mark.parametrize("workload", ["cnn", "llm-7b", "trees"])
def test_a_recorded_machine_gets_an_answer_for_every_phase(path, workload):
    report = recommend(Question(workload=workload, look=Look(profile=path)), never)
    for answer in report.plans.values():
        assert answer.chosen is not None
        assert answer.chosen.throughput is not None
        assert answer.chosen.throughput.low < answer.chosen.throughput.high
        assert answer.chosen.basis


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.stem)
def test_a_language_model_is_trained_where_that_is_asked_for(path):
    def trained(workload):
        question = Question(workload=workload, phases=("training", "fit"), look=Look(profile=path))
        (answer,) = recommend(question, never).plans.values()
        return answer

    assert trained("finetune-lora").chosen.throughput.unit == "tokens/s"
    whole = trained("llm-7b")  # 16 bytes for each of 6.7 G parameters are not there
    assert whole.chosen is None
    assert "plan-must-fit-memory" in whole.why_none


def test_a_phase_that_a_workload_does_not_know_is_refused(tmp_path):
    question = Question(workload="trees", phases=("inference",), look=Look(profile=tmp_path))
    with pytest.raises(AdvisorError, match="it knows only fit"):
        recommend(question, never)


def test_a_gpu_that_was_never_timed_is_predicted_from_the_catalogue(tmp_path):
    report = ask(tmp_path, profile(measurements=()))
    chosen = report.plans["inference"].chosen
    assert (chosen.place, chosen.throughput.low < chosen.throughput.high) == ("gpu:0", True)
    assert {b.origin for b in chosen.basis} == {"catalogue"}


def test_what_is_pretended_is_said_and_followed(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    question = Question(
        workload="cnn", look=Look(profile=path), gpus="2x NVIDIA H100 PCIe",
        set=("cpu.governor=powersave",),
    )  # fmt: skip
    report = recommend(question, never)
    assert report.pretended == ("its GPUs are 2x NVIDIA H100 PCIe", "cpu.governor = powersave")
    assert [d.name for d in report.machine.devices] == ["NVIDIA H100 PCIe"] * 2
    # Its two CPUs decode photographs for one of them.
    assert report.plans["training"].chosen.place == "gpu:0"
    assert report.plans["inference"].chosen.place == "gpu:0+1"
    assert report.machine.cpu.governor == "powersave"


def test_the_soonest_answer_is_another_goal_than_the_most(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(planted(PLANTED)))

    def batch(goal):
        question = Question(
            workload="cnn", look=Look(profile=path), constraints=Constraints(goal=goal)
        )
        return recommend(question, never).plans["inference"].chosen.batch

    assert batch("latency") < batch("throughput")


def test_numbers_of_the_advice_stand_in_its_basis(tmp_path):
    report = ask(tmp_path, planted(PLANTED), "llm-13b")
    lines = [*report.fixes, *report.findings]
    lines += [r for answer in report.plans.values() for r in answer.rejected]
    assert any(line.basis for line in lines)
    assert all(b.value is not None for line in lines for b in line.basis)


def test_gpus_that_cannot_be_read_are_told_before_anything_is_timed(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    with pytest.raises(AdvisorError, match="not one to 64"):
        recommend(Question(workload="cnn", gpus="0x NVIDIA L4"), never)
