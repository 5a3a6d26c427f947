"""What a workload is made of, and how its products fill a matrix unit."""

import pytest

from advisor import book
from advisor.vocabulary.network import FAMILIES, family
from advisor.vocabulary.plan import workload_facts


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("cnn", "cnn"), ("vit", "transformer"), ("rnn", "recurrent"),
        ("recommender", "recommender"), ("mlp", "mlp"), ("irregular", "irregular"), ("rl", "rl"),
        ("llm-7b", "llm"), ("llm-moe", "moe"), ("trees", "trees"),
    ],
)  # fmt: skip
def test_families(name, expected):
    assert family(book.workload(name, ())) == expected


@pytest.mark.parametrize("name", book.workloads(()))
def test_every_workload_has_a_family_and_shares_within_bounds(name):
    told = workload_facts(book.workload(name, ()))
    assert told["workload.family"].value in FAMILIES
    for share in (f for n, f in told.items() if n.endswith("_share")):
        assert share.value is None or 0 <= share.value <= 1


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        # ResNet-50's first stage has 64 channels: 3 of its 16 blocks, and the stem.
        ("cnn", 0.7, 0.85),
        # All sides of Llama 2 7B are 4096 or more.
        ("llm-7b", 1.0, 1.0),
        # Depthwise convolutions are products of 9 wide; what is around them has up to 1,280.
        ("cnn-mobile", 0.2, 0.8),
    ],
)
def test_how_much_fills_a_tile(name, least, most):
    share = workload_facts(book.workload(name, ()))["workload.large_matmul_share"].value
    assert least <= share <= most
