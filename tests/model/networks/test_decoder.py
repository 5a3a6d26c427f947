"""The decoder has the size that is published."""

import msgspec
import pytest
import yaml

from advisor.book import shipped
from advisor.workload import Workload

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch


# Llama 3.2 1B 1.236 G, Llama 2 7B 6.738 G, Mixtral 46.7 G (12.9 G a token): their model cards.
@pytest.mark.parametrize(
    ("name", "parameters"), [("llm-1b", 1.236e9), ("llm-7b", 6.738e9), ("llm-moe", 46.7e9)]
)
def test_published_size(name, parameters):
    from advisor.model.networks import decoder

    written = yaml.safe_load((shipped() / "workloads" / f"{name}.yaml").read_text())
    model = msgspec.convert(written, Workload, strict=False).llm
    with torch.device("meta"):
        built = decoder.build(model)
    assert sum(p.numel() for p in built.parameters()) == pytest.approx(parameters, rel=0.002)
