"""Plans on a part of the catalogue speak the words of plans on the machine at hand."""

import pytest

from advisor import book
from advisor.constants import ConstantSet
from advisor.estimate import Basis, Estimate, Interval, Plan
from advisor.predict.elsewhere import opwise
from advisor.predict.elsewhere.planned import Foreign, estimates
from advisor.predict.feed import Supply

GIB = 2.0**30


@pytest.fixture(scope="module")
def plan(figures, device):
    gpu = book.constants("gpu", (), ConstantSet)

    def made(workload, name, phase, **more):
        asked = book.workload(workload, ())
        foreign = Foreign(place="gpu:1", device=device(name), **more)
        return estimates(asked, [phase], foreign, figures, gpu)

    return made


def test_a_model_is_split_over_two(plan):
    listed = (plan("llm-7b", "NVIDIA L4", "decode", count=n) for n in (1, 2))
    one, two = (next(e for e in found if not e.plan.weights) for found in listed)
    assert (one.memory_available, two.memory_available) == (24 * GIB, 48 * GIB)
    assert two.throughput.likely > 1.8 * one.throughput.likely
    assert one.memory_parts["weights"] == two.memory_parts["weights"] > 12 * GIB
    assert one.plan.place == "gpu:1"
    assert {line.origin for line in one.basis} == {"catalogue"}


def test_what_does_not_fit_comes_last(plan):
    listed = plan("llm-7b", "NVIDIA GeForce RTX 4070", "decode")
    fits = [e.memory_bytes.likely <= e.memory_available for e in listed]
    assert fits == sorted(fits, reverse=True)
    assert {e.plan.weights for e in listed if e.fits} == {"int4", "int8"}  # into 12 GiB


def test_weights_in_fewer_bits_are_served_faster(plan):
    found = {e.plan.id: e for e in plan("llm-7b", "NVIDIA L4", "decode")}
    whole, quarter = (found[f"decode/gpu:1/bf16/1{s}"] for s in ("", "/int4-weights"))
    assert 2 < quarter.throughput.likely / whole.throughput.likely < 4
    assert quarter.memory_parts["weights"] < 0.31 * whole.memory_parts["weights"]


def test_only_precisions_that_the_part_has(plan):
    assert {e.plan.dtype for e in plan("cnn", "Tesla P40", "inference")} == {"fp32"}
    assert "bf16" not in {e.plan.dtype for e in plan("cnn", "Tesla T4", "inference")}


def test_prefill_counts_the_tokens_of_the_prompt(plan):
    best = plan("llm-7b", "NVIDIA L4", "prefill")[0]
    prompt = book.workload("llm-7b", ()).llm.prompt
    made = best.throughput.likely * best.seconds.likely
    assert made == pytest.approx(best.plan.batch * prompt, rel=1e-6)


def test_the_data_loader_holds_a_fast_part_back(plan):
    slow = Basis(fact="cpu.input_rate", value=100.0, origin="measured", source="here")
    fed = plan("cnn", "NVIDIA GeForce RTX 4090", "training", supply=Supply(worker=slow, workers=2))
    assert fed[0].bound == "input"
    assert fed[0].throughput.likely == pytest.approx(200.0, rel=0.1)
    two = plan(
        "cnn", "NVIDIA GeForce RTX 4090", "training", count=2,
        supply=Supply(worker=slow, workers=2),
    )  # fmt: skip
    assert two[0].throughput.likely == pytest.approx(200.0, rel=0.1)  # two share one data loader
    free = plan("cnn", "NVIDIA GeForce RTX 4090", "training")[0]
    assert free.throughput.likely > 3 * fed[0].throughput.likely


def test_a_plan_predicted_here_moves_and_narrows_the_others(plan, device):
    blind = plan("cnn", "NVIDIA GeForce RTX 3080", "inference")
    like = plan("cnn", "NVIDIA GeForce RTX 3090", "inference")[0]
    own = Estimate(
        plan=Plan(phase="inference", place="gpu:0", dtype=like.plan.dtype, batch=like.plan.batch),
        throughput=Interval(*[like.throughput.likely / 2] * 3, "samples/s"),
        seconds=None, memory_bytes=None, memory_available=None, bound=None,
    )  # fmt: skip
    mine = device("NVIDIA GeForce RTX 3090")
    moved = plan("cnn", "NVIDIA GeForce RTX 3080", "inference", own=(own,), mine=mine)
    assert moved[0].throughput.likely < 0.97 * blind[0].throughput.likely
    assert _width(moved[0]) < _width(blind[0])


def _width(estimate):
    return estimate.throughput.high / estimate.throughput.low


def test_ops_are_timed_once_however_many_plans_ask(plan, device, monkeypatch):
    asked = []
    real = opwise.pieces

    def counted(ops, *rest, **more):
        listed = tuple(ops)
        asked.append((listed[0][0].shape["n"], listed[0][1]))
        return real(listed, *rest, **more)

    monkeypatch.setattr(opwise, "pieces", counted)
    name = "NVIDIA GeForce RTX 3090"
    own = plan("cnn", name, "training")
    asked.clear()
    timed = {}
    for count in (2, 8):
        plan("cnn", name, "training", count=count, own=own, mine=device(name), timed=timed)
    assert len(asked) == len(set(asked)) > 4
