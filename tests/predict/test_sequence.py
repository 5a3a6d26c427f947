"""A language model's training graph is what the reference network does."""

import msgspec
import pytest

from advisor.operation import work
from advisor.predict.sequence import graph
from advisor.workload import LanguageModel

BASE = LanguageModel(
    layers=3, hidden=512, heads=12, kv_heads=4, head_size=64, intermediate=1024, vocabulary=1000,
    context=64, prompt=128,
)  # fmt: skip
MODELS = {
    "dense": {},
    "tied": {"tied": True},
    "adapters": {"adapters": 16},
    "mixture": {"experts": 8, "experts_used": 2},
}


def flops(found, kinds=("gemm", "attention")):
    return sum(op.count * work(op).flops for op in found.ops if op.op in kinds)


@pytest.mark.torch
@pytest.mark.parametrize("name", MODELS)
def test_it_is_what_a_trace_of_the_reference_network_finds(name):
    torch = pytest.importorskip("torch", reason="torch is not installed")
    from advisor.model.networks import decoder
    from advisor.model.trace import graph as traced

    model = msgspec.structs.replace(BASE, **MODELS[name])
    with torch.device("meta"):
        network = decoder.build(model)
        found = traced(network, lambda batch: decoder.inputs(model, batch))
    told = graph(model)
    assert told.parameters == pytest.approx(found.parameters, rel=0.002)
    trained = sum(p.numel() for p in network.parameters() if p.requires_grad)
    assert model.trained == pytest.approx(trained, rel=0.002)
    assert flops(told) == pytest.approx(flops(found), rel=0.01)
    assert told.activations == pytest.approx(found.activations, rel=0.05)
    for kind in ("frozen", "tied"):
        counts = [sum(op.count for op in g.ops if getattr(op, kind)) for g in (told, found)]
        assert counts[0] == counts[1], kind


# 41,943,040: Llama 3 8B with adapters of rank 16 beside all seven projections, as peft counts them.
def test_the_adapters_of_a_known_model(workloads):
    model = workloads["finetune-lora"].llm
    assert (model.adapters, model.trained) == (16, 41_943_040)
    assert model.parameters == pytest.approx(8.03e9, rel=0.001)


def test_a_step_takes_six_flop_a_parameter_and_token(workloads):
    model = workloads["llm-7b"].llm
    forward = flops(graph(model), ("gemm",))
    table = model.vocabulary * model.hidden
    assert forward == pytest.approx(2 * model.prompt * (model.parameters - table), rel=0.001)
