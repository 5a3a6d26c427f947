"""`mlinfra probe` prints what is seen: here, and in a captured tree without asking here."""

import json

from advisor.cli import guard


def probe(capsys, *arguments: str) -> dict:
    assert guard.run(["probe", "--format", "json", *arguments]) == 0
    return json.loads(capsys.readouterr().out)


def test_this_machine(capsys):
    told = probe(capsys)
    assert told["schema"] == "mlinfra/profile/1"
    assert set(told["machine"]) >= {"cpu", "memory", "devices", "capacity", "gaps"}
