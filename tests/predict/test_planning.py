"""Plans over places, precisions and batches, ranked by prediction."""

from pathlib import Path

import msgspec
import pytest

from advisor.estimate import Plan
from advisor.machine import State
from advisor.predict import operations, plans, predict_plan, ratio


def best(listed, phase, **wanted):
    return next(
        e for e in listed
        if e.plan.phase == phase and all(getattr(e.plan, k) == v for k, v in wanted.items())
    )  # fmt: skip


NAMES = sorted(p.stem for p in (Path(__file__).parents[2] / "rules" / "workloads").glob("*.yaml"))


@pytest.mark.parametrize("name", NAMES)
def test_every_phase_is_ranked_and_what_fits_comes_first(name, workloads, profile, constants):
    listed = plans(workloads[name], profile(), constants)
    for phase in workloads[name].phases:
        same = [e for e in listed if e.plan.phase == phase]
        rates = [e.throughput.likely for e in same if e.fits]
        assert rates == sorted(rates, reverse=True)
        assert [e.fits for e in same] == sorted((e.fits for e in same), reverse=True)
        for e in same:
            assert 0 < e.throughput.low < e.throughput.likely < e.throughput.high
            assert sum(e.memory_parts.values()) == pytest.approx(e.memory_bytes.likely)


def test_a_planted_peak_is_in_the_basis_and_decides(workloads, profile, constants):
    whole = best(
        plans(workloads["transformer"], profile(), constants),
        "training",
        place="gpu:0",
        dtype="fp16",
    )
    basis = {b.fact: b for b in whole.basis}
    assert basis["gpu.matmul_peak.fp16"].value == 123.4e12
    assert basis["gpu.matmul_peak.fp16"].origin == "measured"
    rows = tuple(
        msgspec.structs.replace(m, value=m.value / 2, low=m.low / 2, high=m.high / 2)
        if m.name == "matmul.peak" else m
        for m in profile().measurements
    )  # fmt: skip
    halved = msgspec.structs.replace(profile(), measurements=rows)
    half = best(
        plans(workloads["transformer"], halved, constants), "training", place="gpu:0", dtype="fp16"
    )
    assert half.throughput.likely < 0.85 * whole.throughput.likely


def test_the_peak_anchors_a_timed_surface(workloads, profile, constants, timed):
    surface = [
        timed("matmul", 300e9 * share, dtype="fp32", m=m, n=m, k=m)
        for m, share in ((128, 0.6), (512, 0.9), (2048, 1.0))
    ]
    likely = {}
    for peak in (300e9, 150e9):
        listed = plans(workloads["llm-7b"], profile(*surface, peak=peak), constants)
        likely[peak] = best(listed, "prefill", place="cpu", dtype="fp32").throughput.likely
    assert likely[150e9] == pytest.approx(likely[300e9] / 2, rel=0.15)


def test_bf16_wins_only_where_it_was_measured_faster(workloads, profile, constants, timed):
    slow = [timed("matmul.peak", 100e9, dtype="bf16")]
    rows = [m for m in profile().measurements if (m.device, m.dtype) != ("cpu", "bf16")]
    machine = msgspec.structs.replace(profile(gpu=State.ABSENT), measurements=(*rows, *slow))
    assert plans(workloads["cnn"], machine, constants)[0].plan.dtype == "fp32"
    fast = profile(gpu=State.ABSENT)
    assert plans(workloads["cnn"], fast, constants)[0].plan.dtype == "bf16"


def test_what_was_not_measured_is_not_predicted(workloads, profile, constants):
    listed = plans(workloads["cnn"], profile(measured=False), constants)
    assert {e.plan.place for e in listed} == {"cpu", "gpu:0"}
    for e in listed:
        assert e.throughput is None
        assert e.unpredicted == f"no matmul peak in fp32 was measured on {e.plan.place}"
        assert e.settles == "mlinfra bench matmul"


@pytest.mark.parametrize("state", [State.BROKEN, State.HIDDEN, State.ABSENT, State.UNKNOWN])
def test_a_device_that_cannot_be_used_has_no_plans(workloads, profile, constants, state):
    listed = plans(workloads["cnn"], profile(gpu=state), constants)
    assert {e.plan.place for e in listed} == {"cpu"}


def test_the_job_is_ninety_epochs(workloads, profile, constants):
    first = best(plans(workloads["cnn"], profile(), constants), "training")
    assert first.job_seconds.likely == pytest.approx(90 * 1281167 / first.throughput.likely)


def test_ratio_of_plans_in_one_place_is_sharper_than_each(workloads, profile, constants):
    listed = plans(workloads["cnn"], profile(), constants)
    a = best(listed, "training", place="cpu", dtype="fp32", batch=64)
    b = best(listed, "training", place="cpu", dtype="fp32", batch=32)
    compared = ratio(a, b)
    assert compared.likely == pytest.approx(a.throughput.likely / b.throughput.likely)
    assert compared.high / compared.low < a.throughput.high / a.throughput.low


def test_the_same_twice(workloads, profile, constants):
    assert plans(workloads["cnn"], profile(), constants) == plans(
        workloads["cnn"], profile(), constants
    )


@pytest.mark.parametrize(
    ("name", "phase", "directions"),
    [
        ("cnn", "training", {False, True}),
        ("cnn", "inference", {False}),
        ("llm-7b", "decode", {False}),
    ],
)
def test_operations_of_a_plan(workloads, name, phase, directions):
    plan = Plan(phase=phase, place="cpu", dtype="fp32", batch=4)
    listed = operations(workloads[name], plan)
    assert {backward for _, backward in listed} == directions
    assert 4 in [op.shape.get("m") for op, _ in listed]
    assert operations(workloads["trees"], plan) == []


def test_what_is_not_trained_has_no_backward_pass(workloads):
    plan = Plan(phase="training", place="cpu", dtype="fp32", batch=1)
    fixed = [back for op, back in operations(workloads["irregular"], plan) if op.kernel == "fixed"]
    assert set(fixed) == {False}


def test_one_plan_is_predicted_as_among_all(workloads, profile, constants):
    among = plans(workloads["cnn"], profile(), constants)[0]
    assert predict_plan(workloads["cnn"], among.plan, profile(), constants) == among
