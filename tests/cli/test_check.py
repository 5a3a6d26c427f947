"""`mlinfra check` answers by its exit code."""

import json

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
        (["check"], "Missing argument"),
    ],
)
def test_wrong_usage(capsys, arguments, said):
    assert guard.run(arguments) == 2
    assert said in capsys.readouterr().err
