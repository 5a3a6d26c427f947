"""`mlinfra rules …` and `mlinfra facts`."""

import json

import msgspec
import pytest

from advisor.cli import guard
from tests.fakes import PROFILE


@pytest.fixture
def saved(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(PROFILE))
    return str(path)


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [
        (["rules", "list"], "mlinfra/rules/1"),
        (["rules", "show", "plan-must-fit-memory"], "mlinfra/rule/1"),
        (["rules", "lint"], "mlinfra/lint/1"),
        (["rules", "test"], "mlinfra/trials/1"),
    ],
)
def test_on_the_shipped_rules(arguments, schema, capsys):
    assert guard.run([*arguments, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == schema


@pytest.mark.parametrize(
    ("arguments", "schema"),
    [
        (["rules", "explain", "plan-must-fit-memory", "-w", "cnn"], "mlinfra/explain/1"),
        (["facts"], "mlinfra/facts/1"),
    ],
)
def test_on_a_saved_profile(saved, arguments, schema, capsys):
    assert guard.run([*arguments, "--profile", saved, "--format", "json"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == schema


def test_a_broken_rule_fails_lint_with_its_place(tmp_path, capsys):
    path = tmp_path / "a.yaml"
    path.write_text("id: a\ntitle: t\nfor: gpu\nwhen: gpu.memory >= 24 TFLOPS\n")
    assert guard.run(["rules", "lint", str(path)]) == 1
    out = "".join(capsys.readouterr().out.split())
    assert "a.yaml:4:21:error:bytesisnotcomparedwithflops/second" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rules", "show", "plan-must-fit"], "did you mean 'plan-must-fit-memory'"),
        (["rules", "lint", "/nowhere"], "no such file or folder"),
        (["rules", "test", "/nowhere"], "no such file or folder"),
        (["rules", "list", "--rules", "/nowhere"], "no such folder"),
        (["rules", "list", "--format", "junit"], "only checks and tests"),
    ],
)
def test_wrong_usage(arguments, said, capsys):
    assert guard.run(arguments) == 2
    assert said in capsys.readouterr().err
