"""`predict` reads cases from a file or stdin, and prints a line for each."""

import json

import pytest

from advisor.cli import guard

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
