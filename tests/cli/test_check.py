"""`mlinfra check` answers by its exit code."""

import json
from pathlib import Path

import msgspec
import pytest

from advisor.cli import guard
from advisor.machine import Memory
from tests.fakes import BROKEN, GIB, PROFILE, machine, profile

SMALL = profile(machine=machine(memory=Memory(total_bytes=4 * GIB, available_bytes=2 * GIB)))
LOST = profile(machine=machine(devices=(BROKEN,)))


@pytest.mark.parametrize(("looked_at", "code"), [(PROFILE, 0), (SMALL, 1), (LOST, 1)])
def test_exit_codes(tmp_path, capsys, looked_at, code):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(looked_at))
    assert guard.run(["check", "workstation", "--profile", str(path), "--format", "json"]) == code
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["exit"]) == ("mlinfra/check/1", code)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "nonsense"], "nonsense"),
        (["check", "workstaton"], "workstation"),
        (["check", "workstation", "--fail-on", "never"], "no such severity"),
        (["check", "workstation", "--treat-unknown-as", "maybe"], "no such answer"),
        (["check", "workstation", "--format", "yaml"], "there is no such format"),
        (["check", "workstation", "--output", "junit"], "it is not of the form FORMAT=PATH"),
        (["check", "workstation", "--profile", "p.json", "--wait", "1s"], "does not change"),
        (["check"], "Missing argument"),
    ],
)
def test_wrong_usage(capsys, arguments, said):
    assert guard.run(arguments) == 2
    assert said in capsys.readouterr().err


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(SMALL))
    return str(path)


def test_several_dialects_and_policies_at_once(tmp_path, capsys, small):
    files = {name: tmp_path / "out" / name for name in ("junit", "tap", "sarif", "prometheus")}
    outputs = [f"--output={name}={path}" for name, path in files.items()]
    rule = Path("rules/health/device-is-broken.yaml").resolve()
    arguments = ["check", "workstation", str(rule), "--profile", small, "-f", "github", *outputs]
    assert guard.run(arguments) == 1
    assert "::error file=rules/policy/workstation.yaml,line=7,title=" in capsys.readouterr().out
    starts = {name: path.read_text()[:5] for name, path in files.items()}
    assert starts == {"junit": "<?xml", "tap": "TAP v", "sarif": '{\n "$', "prometheus": "# HEL"}
    assert 'policy="device-is-broken"' in files["prometheus"].read_text()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["workstation"], 2, "MLINFRA CRITICAL - workstation: "),
        (["nonsense"], 3, "MLINFRA UNKNOWN - mlinfra: find policy 'nonsense'"),
        (["workstation", "--bad-option"], 3, "MLINFRA UNKNOWN - mlinfra: run `mlinfra check`"),
    ],
)
def test_nagios_reads_stdout_and_its_own_codes(capsys, small, arguments, code, said):
    assert guard.run(["check", *arguments, "--nagios", "--profile", small]) == code
    assert capsys.readouterr().out.startswith(said)
