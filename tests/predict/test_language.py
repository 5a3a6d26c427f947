"""A language model's ops add up to its parameters, and to twice them in FLOP a token."""

import pytest

from advisor.operation import work
from advisor.predict.language import cache_elements, experts_read, ops
from advisor.workload import LanguageModel


@pytest.fixture
def dense(workloads):
    return workloads["llm-7b"].llm


MIXTURE = LanguageModel(
    layers=2, hidden=64, heads=4, kv_heads=2, head_size=16, intermediate=128, vocabulary=100,
    context=32, prompt=8, experts=8, experts_used=2,
)  # fmt: skip


def test_decoding_reads_every_weight_once(dense):
    read = sum(op.count * op.weights for op in ops(dense, "decode", 1) if op.op == "gemm")
    assert read == pytest.approx(dense.parameters - dense.vocabulary * dense.hidden, rel=1e-3)
    flops = sum(op.count * work(op).flops for op in ops(dense, "decode", 4) if op.op == "gemm")
    assert flops == pytest.approx(2 * 4 * read, rel=1e-3)


def test_prefill_computes_every_token(dense):
    once = sum(op.count * work(op).flops for op in ops(dense, "decode", 1) if op.op == "gemm")
    many = sum(op.count * work(op).flops for op in ops(dense, "prefill", 1) if op.op == "gemm")
    assert many == pytest.approx(dense.prompt * once, rel=0.03)


def test_a_mixture_reads_more_experts_as_the_batch_grows():
    assert experts_read(MIXTURE, 1) == pytest.approx(2)
    assert 2 < experts_read(MIXTURE, 4) < experts_read(MIXTURE, 64) < 8.001


def test_cache(dense):
    assert cache_elements(dense, "decode", 2) == 2 * 2048 * dense.kv_elements
    assert cache_elements(dense, "prefill", 1) == 512 * dense.kv_elements
