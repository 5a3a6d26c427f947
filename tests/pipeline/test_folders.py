"""The user's own folder comes after the shipped rules and before those that are named."""

from pathlib import Path

from advisor import book
from advisor.pipeline.folders import layered, place, tell_replaced
from advisor.vocabulary import declared


def test_layers(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert layered([Path("a")]) == (Path("a"),)
    (tmp_path / "mlinfra/rules").mkdir(parents=True)
    assert layered([Path("a")]) == (tmp_path / "mlinfra/rules", Path("a"))


def test_shipped_files_are_named_alike_everywhere():
    assert place(str(book.shipped() / "health/x.yaml")) == "rules/health/x.yaml"
    assert place("/mine/x.yaml") == "/mine/x.yaml"


def test_a_rule_that_takes_the_place_of_another_is_told(tmp_path):
    text = "id: gpu-is-hot\ntitle: t\nfor: gpu\nwhen: gpu.temperature > 70 °C\n"
    (tmp_path / "gpu-is-hot.yaml").write_text(text, encoding="utf-8")
    told = []
    tell_replaced(book.rules([tmp_path], declared()), told.append)
    old, new = "rules/health/gpu-is-hot.yaml", tmp_path / "gpu-is-hot.yaml"
    assert told == [f"the rule gpu-is-hot of {new} takes the place of {old}"]
