"""The denoiser of DDPM has the size that is published."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


def test_published_size(traced):
    # 35.7 M parameters: arXiv:2006.11239, appendix B.
    graph, multiplied = traced("diffusion")
    assert graph.parameters == pytest.approx(35700000.0, rel=0.02)
    assert multiplied > 0
