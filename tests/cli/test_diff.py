"""`mlinfra diff` prints changes, as a table and as JSON."""

import json

import msgspec

from advisor.cli import guard
from tests.fakes import PROFILE


def test_diff(capsys, tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(msgspec.json.encode(PROFILE))
    assert guard.run(["diff", str(file), str(file), "--format", "json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["changes"]) == ("mlinfra/diff/1", [])
    assert guard.run(["diff", str(file), str(file)]) == 0
    assert "Nothing changed" in capsys.readouterr().out
    assert guard.run(["diff", str(file), str(tmp_path / "none")]) == 2
