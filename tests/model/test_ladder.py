"""A language model of any size has the parameters that its name says."""

import pytest

from advisor.model.ladder import configuration, contextual, workload
from advisor.workload import Trees, Workload


@pytest.mark.parametrize("size", [0.1, 0.5, 1.5, 3, 8, 14, 34, 72, 100, 405, 671, 1800])
def test_parameters(size):
    found = workload(f"llm-{size}b").llm
    assert found.parameters == pytest.approx(size * 1e9, rel=0.01)
    assert found.hidden == found.heads * found.head_size
    assert found.heads % found.kv_heads == 0
    assert 1 < found.intermediate / found.hidden < 6


@pytest.mark.parametrize(
    ("size", "layers", "hidden"), [(8.03, 32, 4096), (70.6, 80, 8192), (405.9, 126, 16384)]
)
def test_a_published_size_has_its_published_layers(size, layers, hidden):
    found = configuration(size * 1e9)
    assert (found.layers, found.hidden) == (layers, hidden)


@pytest.mark.parametrize(
    "name", ["llm-b", "llm-0b", "llm-9000b", "llm-0.01b", "llm-7", "lllm-7b", "llm--7b", "llm-7b "]
)
def test_other_names_are_none(name):
    assert workload(name) is None


def test_context():
    found = contextual(workload("llm-3b"), 4096).llm
    assert (found.context, found.prompt) == (4096, 4096)
    assert contextual(workload("llm-3b"), None).llm.context == 2048
    trees = Workload(
        name="t", title="t", network="n", unit="jobs", phases=("fit",), batches=(1,),
        sources=(), trees=Trees(rows=1, features=1, rounds=1, depth=1),
    )  # fmt: skip
    assert contextual(trees, 7) is trees
