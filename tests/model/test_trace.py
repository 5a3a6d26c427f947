"""A traced network has the ops, parameters and memory that its layers say."""

from importlib import import_module
from pathlib import Path

import msgspec
import pytest
import yaml

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.errors import AdvisorError  # noqa: E402 - needs torch
from advisor.model import trace  # noqa: E402
from advisor.operation import scaled, work  # noqa: E402
from advisor.workload import Workload  # noqa: E402


def traced(network, *shape):
    with torch.device("meta"):
        built = network()
    return trace.graph(built, lambda batch: (torch.randn(batch, *shape),))


def kinds(graph):
    return [(op.op, op.kernel, op.count) for op in graph.ops]


def test_two_layers():
    nn = torch.nn
    graph = traced(
        lambda: nn.Sequential(nn.Linear(8, 16), nn.ReLU(), nn.Linear(16, 16), nn.ReLU()), 8
    )
    assert kinds(graph) == [
        ("gemm", "linear", 1),
        ("elementwise", "relu", 2),
        ("gemm", "linear", 1),
    ]
    assert graph.parameters == 8 * 16 + 16 + 16 * 16 + 16
    assert graph.inputs == 8
    # Two live outputs of 16 at the worst moment of a pass without gradients.
    assert graph.workspace == 32
    assert graph.activations >= 32


def test_a_network_that_computes_nothing_is_refused():
    with pytest.raises(AdvisorError, match="computes nothing"):
        traced(torch.nn.Identity, 8)


def test_recurrent_layers_are_one_op_each():
    graph = traced(lambda: torch.nn.LSTM(8, 32, 2, batch_first=True, bidirectional=True), 5, 8)
    ops = [op for op in graph.ops if op.op == "recurrent"]
    assert [(op.shape["input"], op.count) for op in ops] == [(8, 2), (64, 2)]
    assert ops[0].shape == {"n": 1, "steps": 5, "input": 8, "hidden": 32, "gates": 4}
    assert sum(op.count * op.weights for op in ops) == graph.parameters


def test_a_kernel_keeps_its_own_temporaries_to_itself():
    graph = trace.graph(Attending(), lambda b: (torch.randn(b, 256, 64, requires_grad=True),))
    assert graph.workspace < 4 * 256 * 256


class Attending(torch.nn.Module):
    def forward(self, x):
        heads = x.unflatten(-1, (4, 16)).transpose(1, 2)
        found = torch.nn.functional.scaled_dot_product_attention(
            heads, heads, heads, is_causal=True
        )
        return found.transpose(1, 2).reshape(x.shape) * x.mean(-1, keepdim=True)


def test_attention_is_one_op():
    graph = trace.graph(Attending(), lambda b: (torch.randn(b, 10, 64, requires_grad=True),))
    assert graph.ops[0].shape == {"batch": 1, "heads": 4, "q": 10, "kv": 10, "d": 16, "causal": 1}
    assert work(graph.ops[0]).flops == 4 * 4 * 10 * 5.5 * 16


WORKLOADS = Path(__file__).parents[2] / "rules" / "workloads"
TRACED = sorted(p.stem for p in WORKLOADS.glob("*.yaml") if "\ngraph:" in p.read_text())


@pytest.mark.parametrize("name", TRACED)
def test_a_shipped_graph_is_a_trace_of_its_reference_network(name):
    network = import_module(f"advisor.model.networks.{name.replace('-', '_')}")
    with torch.device("meta"):
        found = trace.graph(network.build(), network.inputs)
    written = yaml.safe_load((WORKLOADS / f"{name}.yaml").read_text())
    kept = msgspec.convert(written, Workload, strict=False).graph
    assert kept.ops == found.ops
    assert sizes(kept) == pytest.approx(sizes(found), abs=0.06)


def sizes(graph):
    return graph.parameters, graph.activations, graph.workspace, graph.inputs, graph.dropped


from tests.model.published import NETWORKS  # noqa: E402 - needs torch


@pytest.mark.parametrize("name", NETWORKS)
def test_a_published_network_has_its_published_size(name):
    build, parameters, multiplied = NETWORKS[name]
    graph = traced(build, 3, 224, 224)
    kinds = {"conv", "gemm", "attention"}
    counted = sum(op.count * work(op).flops for op in graph.ops if op.op in kinds)
    assert graph.parameters == parameters
    assert counted / 2e9 == pytest.approx(multiplied, rel=0.02)


class Crowd(torch.nn.Module):
    """Experts in one product, which around a batch of one is another product."""

    def __init__(self):
        super().__init__()
        self.up = torch.nn.Parameter(torch.randn(4, 16, 32))
        self.down = torch.nn.Parameter(torch.randn(4, 32, 16))

    def forward(self, x):
        y = torch.einsum("nd,edh->neh", x, self.up)
        return torch.einsum("neh,ehd->ned", y, self.down)


def test_what_grows_with_the_batch_is_seen_beside_sizes_of_one():
    graph = traced(Crowd, 16)
    eight = [scaled(op, 8) for op in graph.ops if op.op == "gemm"]
    # The weights of an expert are read once, however many rows it sees.
    assert sum(work(op).weights + work(op).reads for op in eight) < 2 * 4 * 16 * 32 + 8 * 4 * 48 * 2


def test_training_draws_chances_for_what_it_drops():
    nn = torch.nn
    drops = [nn.Dropout(0.1), nn.Dropout(0.2)]
    graph = traced(lambda: nn.Sequential(nn.Linear(8, 16), drops[0], nn.ReLU(), drops[1]), 8)
    assert graph.dropped == 16 + 16
    assert traced(lambda: nn.Sequential(nn.Linear(8, 16), nn.Dropout(0.0)), 8).dropped == 0


class Masked(torch.nn.Module):
    """One of torch's layers, with a mask whose values it looks at."""

    def __init__(self):
        super().__init__()
        self.layer = torch.nn.TransformerEncoderLayer(16, 2, 32, batch_first=True)
        self.encoder = torch.nn.TransformerEncoder(self.layer, 2, enable_nested_tensor=False)

    def forward(self, x):
        return self.encoder(x, mask=torch.nn.Transformer.generate_square_subsequent_mask(6))


def test_masks_of_transformer_layers_are_taken_to_be_causal():
    graph = traced(Masked, 6, 16)
    assert graph.notes == ("a transformer layer's mask is taken to be causal",)
    assert "tril" in {op.kernel for op in graph.ops}  # where torch makes a causal mask of its own
