"""A workload that contradicts itself is refused at the place of the contradiction."""

import pytest

from advisor.book import shipped, workload, workloads
from advisor.errors import AdvisorErrors

HEAD = """name: mine
title: t
network: n
unit: samples
phases: [inference]
batches: [1, 8]
sources: [here]
"""
GRAPH = """graph:
  parameters: 20
  activations: 1
  workspace: 1
  ops:
    - {op: gemm, shape: {m: 1, n: 4, k: 5}, weights: 20}
"""
LLM = """llm: {layers: 1, hidden: 8, heads: 4, kv_heads: 2, head_size: 2, intermediate: 8,
  vocabulary: 9, context: 3, prompt: 2}
"""


@pytest.fixture
def read(tmp_path):
    def make(text):
        (tmp_path / "workloads").mkdir(exist_ok=True)
        (tmp_path / "workloads" / "mine.yaml").write_text(text)
        return workload("mine", (tmp_path,))

    return make


def test_what_is_sound(read):
    assert read(HEAD + GRAPH).graph.parameters == 20
    assert read(HEAD.replace("inference", "decode") + LLM).llm.layers == 1


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        (HEAD.replace("[1, 8]", "[1, -8]") + GRAPH, 6, "-8 is not at least 1"),
        (HEAD.replace("[1, 8]", "[]") + GRAPH, 6, "at least 1 should be here"),
        (HEAD.replace("[inference]", "[sleep]") + GRAPH, 5, "'sleep' is not known here"),
        (HEAD.replace("[inference]", "[decode]") + GRAPH, 5, "a graph has no phase decode"),
        (HEAD, 1, "exactly one of"),
        (HEAD + GRAPH + "trees: {rows: 1, features: 1, rounds: 1, depth: 1}\n", 1,
         "exactly one of"),
        (HEAD + GRAPH.replace("parameters: 20", "parameters: -1"), 9, "-1 is not at least 0"),
        (HEAD + GRAPH.replace("n: 4, ", ""), 13, "make no sense"),
        (HEAD + GRAPH.replace("n: 4", "n: 0"), 13, "make no sense"),
        (HEAD + GRAPH.replace("n: 4", "z: 4"), 13, "no size 'z'"),
        (HEAD.replace("inference", "decode") + LLM.replace("kv_heads: 2", "kv_heads: 3"), 8,
         "does not divide"),
        (HEAD.replace("inference", "decode") + LLM.replace("layers: 1", "layers: 0"), 8,
         "0 is not at least 1"),
    ],
)  # fmt: skip
def test_what_is_not(read, text, line, wrong):
    with pytest.raises(AdvisorErrors, match=wrong) as raised:
        read(text)
    assert (raised.value.code, raised.value.where.line) == (2, line)


WANTED = """cnn cnn-mobile detection vit rnn transformer llm-1b llm-7b llm-13b llm-70b llm-moe
    finetune-lora speech diffusion recommender mlp trees rl irregular"""


@pytest.mark.parametrize("name", WANTED.split())
def test_every_shipped_workload_is_whole(name):
    read = workload(name, ())
    assert read.network
    assert read.sources
    assert read.batches == tuple(sorted(read.batches))
    if "training" in read.phases and not name.startswith("llm"):
        assert read.dataset is not None
        assert read.job is not None


def test_no_other_is_shipped():
    assert set(workloads(())) >= set(WANTED.split())
    assert shipped().is_dir()
