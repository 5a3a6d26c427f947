"""The runner runs what it is told for as long as it is told."""

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.bench.runner import Errand, loaded, resized, run  # noqa: E402 - needs torch

MLP = "advisor.model.networks.mlp"


@pytest.mark.parametrize(
    ("phase", "dtype", "states"),
    [("inference", "fp32", 1), ("inference", "bf16", 1), ("training", "fp32", 1),
     ("training", "fp32", 2), ("training", "bf16", 1)],
)  # fmt: skip
def test_run(phase, dtype, states):
    errand = Errand(
        network=MLP, phase=phase, batch=2, threads=1, seconds=0.0, dtype=dtype, states=states
    )
    ran = run(errand)
    assert len(ran.seconds) >= 3
    assert min(ran.seconds) > 0
    assert ran.peak_bytes >= ran.before_bytes > 1e6


def test_a_factory_gives_network_and_example(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "import torch\ndef make():\n    return torch.nn.Linear(4, 2), (torch.zeros(3, 4),)\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    network, inputs = loaded("mine:make", 8)
    assert network(*inputs).shape == (8, 2)


@pytest.mark.parametrize("batch", [1, 2, 3, 7])
def test_resized(batch):
    given = {"x": torch.randn(3, 4), "table": torch.randn(5, 4), "flag": True}
    found = resized(given, batch)
    assert found["x"].shape == (batch, 4)
    assert found["table"].shape == (5, 4)
    assert found["flag"] is True
    assert resized((given["x"],), batch)[0].shape == (batch, 4)
