"""`predict` reads cases from a file or stdin, and prints a line for each."""

import json

import pytest

from advisor.cli import guard
from tests.elsewhere import in_another_process, turned
from tests.tools.write_golden import FOLDER

LINE = json.dumps(
    {
        "id": "a",
        "device": "NVIDIA L4",
        "phase": "decode",
        "dtype": "Q4_K_M",
        "workload": {"llm": {"params": 8e9, "bytes": 4.9e9, "context": 512}},
    }
)


def test_a_file(tmp_path, capfdbinary):
    path = tmp_path / "cases.jsonl"
    path.write_text(f"{LINE}\nbad\n{LINE}\n")
    assert guard.run(["predict", "--cases", str(path)]) == 0
    found = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    assert [a["id"] for a in found] == ["a", None, "a"]
    assert found[0]["throughput"]["unit"] == "tokens/s"


def test_a_file_that_is_not_there(capfd):
    assert guard.run(["predict", "--cases", "/no/such/file"]) == 2
    assert "read the cases" in capfd.readouterr().err


@pytest.mark.parametrize("arguments", [["predict"], ["predict", "--cases"]])
def test_wrong_usage(arguments, capfd):
    assert guard.run(arguments) == 2
    assert capfd.readouterr().err


def test_help_says_that_a_factory_runs_code(capsys):
    assert guard.run(["predict", "--help"]) == 0
    assert "runs that code" in " ".join(capsys.readouterr().out.split())


L4, CARD = {"device": "NVIDIA L4"}, {"device": "NVIDIA GeForce RTX 4090", "dtype": "amp"}
SUMMARY = {"macs": 4.1e9, "activations": 11e6, "params": 25.6e6, "name": "resnet50"}
CASES = [
    {"id": 1, **L4, "phase": "training", "workload": {"name": "cnn"}, "batch": 32, "count": 4},
    {"id": 2, **CARD, "phase": "inference", "workload": SUMMARY, "batch": 64,
     "known": [{"device": "NVIDIA GeForce RTX 3090", "throughput": 2400.0},
               {"device": "NVIDIA L4", "throughput": 900.0}]},
    {"id": 3, **CARD, "phase": "inference",
     "workload": {"ops": [{"op": "gemm", "m": 64, "n": 512, "k": 768, "count": 4},
                          {"op": "elementwise", "bytes": 1e6}]}},
    {"id": 4, **L4, "phase": "fit", "workload": {"trees": {"rows": 10**6, "features": 20,
                                                         "rounds": 100, "depth": 8}}},
    {"id": 5, "device": str(FOLDER / "desktop.json"), "phase": "training",
     "workload": {"name": "vit"}, "batch": 16},
]  # fmt: skip


def test_another_process_says_the_same_bytes(tmp_path):
    plain, other = (
        "\n".join(map(json.dumps, cases)).encode() for cases in (CASES, map(turned, CASES))
    )
    asked = ["predict", "--cases", "-"]
    first = in_another_process(asked, tmp_path / "a", seed=1, given=plain)
    second = in_another_process(asked, tmp_path / "b", seed=77, given=other)
    assert first == second
    assert all("throughput" in json.loads(line) for line in first.splitlines())
    assert len(first.splitlines()) == len(CASES)
