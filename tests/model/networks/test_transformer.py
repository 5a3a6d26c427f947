"""BERT-base with its masked-word head has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 109,514,298 parameters: bert-base-uncased as masked language model, huggingface.co.
    graph, multiplied = traced("transformer")
    assert graph.parameters == pytest.approx(109514298, rel=0)
    assert multiplied > 0
