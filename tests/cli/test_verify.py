"""`mlinfra verify` refuses what it cannot run before anything takes long, and runs what it can."""

import json

import pytest

from advisor import store
from advisor.cli import guard
from advisor.pipeline.look import Look, see
from advisor.predict import RUN
from tests.fakes import measured


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["verify"], "--workload"),
        (["verify", "-w", "trees"], "it has no reference network to run"),
        (["verify", "-w", "cnnn"], "cnn"),
        (["verify", "-w", "cnn", "--batch", "0"], "--batch"),
        (["verify", "-w", "cnn", "--time", "soon"], "it is no time"),
        (["verify", "-w", "cnn", "--format", "yaml"], "there is no such format"),
    ],
)
def test_wrong_usage_is_told_at_once(arguments, said, capsys):
    assert guard.run(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.fixture
def timed(tmp_path, monkeypatch):
    """A machine whose headline figures were timed before: they are written, not measured."""
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    rows = [
        measured("matmul.peak", "cpu", 1e11, "FLOP/s", dtype="fp32"),
        measured("memory.triad", "cpu", 2e10, "bytes/s"),
        measured("memory.copy", "cpu", 2e10, "bytes/s"),
    ]
    store.keep(see(Look())[1], rows)


@pytest.mark.torch
def test_a_small_network_is_run_here_and_kept(timed, capsys):
    pytest.importorskip("torch")
    command = ["verify", "-w", "mlp", "--phase", "infer", "--precision", "fp32", "--batch", "8"]
    command += ["--time", "0.1s", "--no-replay", "--format", "json"]
    assert guard.run(command) == 0
    (line,) = json.loads(capsys.readouterr().out)["lines"]
    assert (line["dtype"], line["batch"], line["calibration"]) == ("fp32", 8, 1.0)
    assert line["measured_seconds"] > 0
    assert line["ratio"] == pytest.approx(line["seconds"]["likely"] / line["measured_seconds"])
    kept = [m for m in store.load(see(Look())[1]) if m.name == RUN]
    assert [m.value for m in kept] == [line["measured_seconds"]]
    assert kept[0].conditions["predicted"] == pytest.approx(line["seconds"]["likely"])
