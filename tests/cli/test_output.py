"""Results go to stdout in one format and to files in others, whole or not at all."""

import io
import json
import sys

import pytest

from advisor.cli.output import emit, wants_json
from advisor.errors import AdvisorError
from tests.fakes import PROFILE


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (["probe", "--format", "json"], True),
        (["probe", "-f", "json"], True),
        (["probe", "--format=json"], True),
        (["probe", "--format", "table"], False),
        (["probe", "json"], False),
        ([], False),
    ],
)
def test_whether_errors_are_wanted_as_json(arguments, wanted):
    assert wants_json(arguments) is wanted


def test_stdout_carries_one_format_and_files_the_others(tmp_path, capsys):
    emit(PROFILE, "table", [f"json={tmp_path / 'a.json'}"])
    assert "Intel Xeon Gold 6240" in capsys.readouterr().out
    assert json.loads((tmp_path / "a.json").read_text())["schema"] == "mlinfra/profile/1"


@pytest.mark.parametrize("target", ["json", "json=", "=a", "yaml=a"])
def test_a_bad_target_is_one_line_and_prints_nothing(target, capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(AdvisorError):
        emit(PROFILE, "table", [target])
    assert capsys.readouterr().out == ""


def test_a_terminal_without_unicode_gets_its_own_letters(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="ascii"))
    emit(PROFILE, "table", [])
    sys.stdout.flush()
    text = raw.getvalue().decode("ascii")
    assert "(285 - 315 GFLOP/s)" in text
    assert "?" not in text
