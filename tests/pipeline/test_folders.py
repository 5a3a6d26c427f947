"""The user's own folder comes after the shipped rules and before those that are named."""

from pathlib import Path

from advisor import book
from advisor.pipeline.folders import layered, place


def test_layers(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert layered([Path("a")]) == (Path("a"),)
    (tmp_path / "mlinfra/rules").mkdir(parents=True)
    assert layered([Path("a")]) == (tmp_path / "mlinfra/rules", Path("a"))


def test_shipped_files_are_named_alike_everywhere():
    assert place(str(book.shipped() / "health/x.yaml")) == "rules/health/x.yaml"
    assert place("/mine/x.yaml") == "/mine/x.yaml"
