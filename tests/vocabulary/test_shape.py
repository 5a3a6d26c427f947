"""Shares are of FLOP or of elements moved; what a kind of workload has not is missing."""

import pytest

from advisor.fact import Status
from advisor.operation import Op, OpGraph
from advisor.vocabulary.plan import workload_facts
from advisor.workload import Dataset, Job, LanguageModel, Trees, Workload

# 2·m·n·k: 2·64·64 = 8,192 FLOP aligned, 2·60·64 = 7,680 not; the tables hold half of the weights.
GRAPH = OpGraph(
    ops=(
        Op(op="gemm", shape={"m": 1, "n": 64, "k": 64}, weights=4096),
        Op(op="gemm", shape={"m": 1, "n": 60, "k": 64}, weights=3840),
        Op(op="norm", kernel="batch_norm", reads=100, writes=100),
        Op(op="embedding", reads=24, writes=24),
    ),
    parameters=2 * (4096 + 3840), activations=10, workspace=10,
)  # fmt: skip
LLM = LanguageModel(
    layers=2, hidden=64, heads=4, kv_heads=4, head_size=16, intermediate=128, vocabulary=50257,
    context=2048, prompt=512, experts=8, experts_used=2,
)  # fmt: skip


def workload(**parts) -> Workload:
    return Workload(
        name="x", title="t", network="n", unit="samples", phases=("training",), batches=(1,),
        sources=("s",), **parts,
    )  # fmt: skip


NETWORK = workload_facts(
    workload(graph=GRAPH, dataset=Dataset("d", 1000, 50), job=Job(epochs=3, title="3 epochs"))
)
MODEL = workload_facts(workload(llm=LLM))
TREES = workload_facts(workload(trees=Trees(rows=9, features=2, rounds=3, depth=4)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("flops", 8192 + 7680), ("weights", 2 * 2 * 7936), ("dataset_size", 50_000), ("epochs", 3),
        ("unit", "samples"), ("unaligned_share", 7680 / 15872), ("conv_share", 0),
        ("recurrent_share", 0), ("attention_share", 0), ("depthwise_share", 0),
        ("lookup_share", 48 / 500), ("small_op_share", 200 / 500), ("table_share", 0.5),
        ("batch_norm", True),
    ],
)  # fmt: skip
def test_of_a_network(name, value):
    assert NETWORK[f"workload.{name}"].value == pytest.approx(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("experts", 8), ("context", 2048), ("vocabulary_padding", 47),  # 50,257 + 47 = 64 · 786
        ("flops", 2 * LLM.active_parameters), ("weights", 2 * LLM.parameters),
    ],
)  # fmt: skip
def test_of_a_language_model(name, value):
    assert MODEL[f"workload.{name}"].value == value


@pytest.mark.parametrize("name", ["flops", "weights", "conv_share", "batch_norm", "experts"])
def test_trees_have_no_graph(name):
    assert TREES[f"workload.{name}"].status is Status.MISSING
