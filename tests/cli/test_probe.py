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


def test_capture_and_replay(capsys, tmp_path):
    file = str(tmp_path / "capture.json")
    live = probe(capsys, "--capture", file)
    again = probe(capsys, "--replay", file)
    assert again["taken"] == live["taken"]
    assert again["machine"]["cpu"] == live["machine"]["cpu"]
    assert again["machine"]["memory"] == live["machine"]["memory"]


def test_the_evidence_stands_after_the_verdict(capsys):
    assert guard.run(["probe", "-v"]) == 0
    text = capsys.readouterr().out
    assert text.index("Machine") < text.index("Evidence (redacted)") < text.index("--- /proc/")
