"""`mlinfra upgrade` ranks purchases, refuses bad input, and prints a table or JSON."""

import json

import msgspec
import pytest

from advisor.cli import guard
from tests.fakes import PROFILE


@pytest.fixture
def asked(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    return ["upgrade", "-w", "llm-7b", "--profile", str(path)]


def test_table(asked, capsys):
    assert guard.run([*asked, "--budget", "2600"]) == 0
    told = capsys.readouterr().out
    assert "What 2,600 USD would do" in told
    assert max(map(len, told.splitlines())) <= 80


def test_json(asked, capsys):
    limits = ["--budget", "2600USD", "--supply", "1200W", "--slots", "3", "--length", "400"]
    assert guard.run([*asked, *limits, "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["schema"] == "mlinfra/upgrade/1"
    assert told["budget"] == 2600
    assert all(line["price"] <= 2600 for line in told["purchases"])
    # What flags can tell is not asked; what none tells is still said.
    assert [line.partition(" ")[0] for line in told["asked"]] == ["how", "another"]


@pytest.mark.parametrize(
    ("more", "wrong"),
    [
        (["--budget", "cheap"], "it is no money"),
        (["--budget", "-5"], "it is no money"),
        (["--budget", "3000EUR"], "currencies do not convert"),
        (["--supply", "big"], "it is no power"),
        (["--rank", "beauty"], "there is no such rank"),
        (["--prices", "/nowhere.yaml"], "mlinfra: read /nowhere.yaml: No such file"),
    ],
)
def test_wrong_usage(asked, more, wrong, capsys):
    assert guard.run([*asked, *more]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert wrong in " ".join(told.err.split())
