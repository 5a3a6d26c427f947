"""The runner runs what it is told for as long as it is told."""

import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip("torch", reason="torch is not installed")
pytestmark = pytest.mark.torch

from advisor.bench.runner import (  # noqa: E402 - needs torch
    Errand,
    bound,
    loaded,
    resized,
    run,
    stepper,
)
from advisor.workload import LanguageModel  # noqa: E402

MLP = "advisor.model.networks.mlp"
NETWORKS = ("mlp", "cnn_mobile", "rl", "irregular", "rnn")
GENERATOR = "advisor.model.networks.generator"
LLM = LanguageModel(
    layers=2, hidden=32, heads=4, kv_heads=2, head_size=8, intermediate=48, vocabulary=50,
    context=7, prompt=5,
)  # fmt: skip


def errand(**parts):
    usual = {"network": MLP, "phase": "inference", "batch": 2, "threads": 1, "seconds": 0.0}
    return Errand(**(usual | parts))


@pytest.mark.parametrize(
    ("phase", "dtype", "states"),
    [("inference", "fp32", 1), ("inference", "bf16", 1), ("training", "fp32", 1),
     ("training", "fp32", 2), ("training", "bf16", 1)],
)  # fmt: skip
def test_run(phase, dtype, states):
    ran = run(errand(phase=phase, dtype=dtype, states=states))
    assert len(ran.seconds) >= 3
    assert min(ran.seconds) > 0
    assert ran.peak_bytes >= ran.before_bytes > 1e6


class Noted(torch.nn.Module):
    """Keeps what it was given."""

    def __init__(self):
        super().__init__()
        self.weight = torch.nn.Parameter(torch.ones(1))
        self.seen = []

    def forward(self, x, index):
        self.seen.append((x.tolist(), index.tolist()))
        return self.weight * x


def test_each_training_step_sees_other_numbers_but_the_same_indices():
    network = Noted()
    given = torch.tensor([[1.0, 2.0, 3.0]]), torch.tensor([[7, 8, 9]])
    step = stepper(torch, network, given, errand(phase="training"))
    for _ in range(3):
        step()
    assert [x for x, _ in network.seen] == [[[1, 2, 3]], [[3, 1, 2]], [[2, 3, 1]]]
    assert [index for _, index in network.seen] == [[[7, 8, 9]]] * 3


def test_all_that_goes_in_moves_together():
    network = Noted()
    step = stepper(torch, network, (torch.arange(3.0), torch.arange(3.0)), errand(phase="training"))
    for _ in range(3):
        step()
    assert all(x == other for x, other in network.seen)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc here")
def test_the_most_memory_is_this_process_own():
    """A child of a large process has not held what its parent held."""
    ask = "from advisor.bench.runner import peak_bytes; print(peak_bytes())"
    large = (
        "import subprocess, sys; kept = b'x' * (400 << 20); "
        f"subprocess.run([sys.executable, '-c', {ask!r}])"
    )
    told = subprocess.run(
        [sys.executable, "-c", large], capture_output=True, text=True, check=True, timeout=60
    )
    assert 5e6 < int(told.stdout) < 200e6


def test_a_factory_gives_network_and_example(tmp_path, monkeypatch):
    (tmp_path / "mine.py").write_text(
        "import torch\ndef make():\n    return torch.nn.Linear(4, 2), (torch.zeros(3, 4),)\n"
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    network, inputs = loaded(torch, errand(network="mine:make", batch=8))
    assert network(*inputs).shape == (8, 2)


@pytest.mark.parametrize("batch", [1, 2, 3, 7])
def test_resized(batch):
    given = {"x": torch.randn(3, 4), "table": torch.randn(5, 4), "flag": True}
    found = resized(given, batch)
    assert found["x"].shape == (batch, 4)
    assert found["table"].shape == (5, 4)
    assert found["flag"] is True
    assert resized((given["x"],), batch)[0].shape == (batch, 4)


@pytest.mark.parametrize("dtype", ["fp32", "bf16"])
@pytest.mark.parametrize("phase", ["prefill", "decode", "training"])
def test_a_language_model(phase, dtype):
    ran = run(errand(network=GENERATOR, phase=phase, dtype=dtype, llm=LLM))
    assert len(ran.seconds) >= 3
    assert torch.get_default_dtype() == torch.float32


def test_what_is_served_is_made_in_its_own_precision():
    told = {"network": GENERATOR, "llm": LLM, "dtype": "bf16"}
    served, _ = loaded(torch, errand(phase="decode", **told))
    taught, _ = loaded(torch, errand(phase="training", **told))
    assert [kinds(network) for network in (served, taught)] == [{torch.bfloat16}, {torch.float32}]


def kinds(network):
    return {parameter.dtype for parameter in network.parameters()}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_of_ours_is_built_in_the_precision_that_it_is_served_in(name):
    half = errand(network=f"advisor.model.networks.{name}", phase="inference", dtype="bf16")
    network, inputs = loaded(torch, half)
    assert kinds(network) == {torch.bfloat16}
    stepper(torch, network, inputs, half)()
    assert torch.get_default_dtype() == torch.float32


def test_memory_is_bounded(monkeypatch):
    import resource

    set_ = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, 3000))
    monkeypatch.setattr(resource, "setrlimit", lambda *told: set_.append(told))
    bound(None)
    bound(2000.5)
    bound(4000.0)
    assert set_ == [(resource.RLIMIT_DATA, (2000, 3000)), (resource.RLIMIT_DATA, (3000, 3000))]
