"""`mlinfra verify` refuses what it cannot run before anything takes long, and runs what it can."""

import json

import pytest

from advisor.cli import guard


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


@pytest.mark.torch
def test_a_small_network_is_run_here(tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch")
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    profile = ["bench", "matmul", "memory", "--time", "20s", "--format", "json"]
    assert guard.run(profile) in {0, 4}
    capsys.readouterr()
    command = ["verify", "-w", "mlp", "--phase", "infer", "--precision", "fp32", "--batch", "8"]
    assert guard.run([*command, "--time", "1s", "--no-replay", "--format", "json"]) in {0, 3}
    told = json.loads(capsys.readouterr().out)
    for line in told["lines"]:
        assert (line["dtype"], line["batch"]) == ("fp32", 8)
        assert line["measured_seconds"] > 0
        assert line["ratio"] == pytest.approx(line["seconds"]["likely"] / line["measured_seconds"])
    assert told["lines"] or told["gaps"]
