"""The copies of parts and rules are as good as the files, and gone when one of them changes."""

import pytest

from advisor import book, store
from advisor.constants import ConstantSet
from advisor.errors import AdvisorError, AdvisorErrors
from advisor.pipeline.kept import by_name, catalogue, constants, rules, workload
from advisor.vocabulary import declared

RULE = """id: mine
title: Mine
for: machine
when: memory.total < 1 GiB
examples:
  - {expect: fires, facts: {memory.total: 512 MiB}}
  - {expect: quiet, facts: {memory.total: 2 GiB}}
  - {expect: unknown, facts: {}}
"""
SHELF = """vendor: Us
source: us
date: 2026-01-01
parts:
  - {name: Card, kind: gpu, memory: 8 GiB}
"""


@pytest.fixture(scope="module")
def shipped():
    """The parts and the rules as their files say."""
    return book.parts(()), book.rules((), declared())


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "state"))
    return tmp_path / "state"


def test_a_copy_is_the_same(state, shipped):
    for _ in range(2):
        assert (catalogue(()), rules((), declared())) == shipped
    assert {path.name for path in state.iterdir()} >= {"catalogue.msgpack", "rules.msgpack"}


def test_a_changed_rule_is_read_again_and_a_mistake_is_told(tmp_path):
    path = tmp_path / "mine" / "placement" / "mine.yaml"
    path.parent.mkdir(parents=True)
    path.write_text(RULE)
    assert rules((tmp_path / "mine",), declared())[-1].title == "Mine"
    path.write_text(RULE.replace("Mine", "Yours"))
    assert rules((tmp_path / "mine",), declared())[-1].title == "Yours"
    path.write_text(RULE.replace("GiB", "GB/s"))
    with pytest.raises(AdvisorErrors):
        rules((tmp_path / "mine",), declared())


def test_another_vocabulary_reads_the_rules_again(tmp_path):
    (tmp_path / "placement").mkdir()
    (tmp_path / "placement" / "mine.yaml").write_text(RULE)
    rules((tmp_path,), declared())
    fewer = {name: fact for name, fact in declared().items() if name != "memory.total"}
    with pytest.raises(AdvisorErrors, match=r"memory\.total"):
        rules((tmp_path,), fewer)


def test_a_changed_file_is_read_again(tmp_path):
    shelf = tmp_path / "mine" / "parts" / "us.yaml"
    shelf.parent.mkdir(parents=True)
    shelf.write_text(SHELF)
    assert catalogue((tmp_path / "mine",))[-1].name == "Card"
    shelf.write_text(SHELF.replace("Card", "Other card"))
    assert catalogue((tmp_path / "mine",))[-1].name == "Other card"


def test_parts_are_sorted_by_name_once_while_no_file_changes(tmp_path):
    shelf = tmp_path / "mine" / "parts" / "us.yaml"
    shelf.parent.mkdir(parents=True)
    shelf.write_text(SHELF)
    first = by_name((tmp_path / "mine",))
    assert first["card"][0].name == "Card"
    assert by_name((tmp_path / "mine",)) is first
    shelf.write_text(SHELF.replace("Card", "Other card"))
    assert "card" not in by_name((tmp_path / "mine",))
    assert "card" not in by_name(())


@pytest.mark.parametrize("damage", [b"", b"\x93", b"\xc1nonsense", b"\x92\xa1x\x90"])
def test_a_damaged_copy_counts_as_none(state, shipped, damage):
    store.write_whole(state / "catalogue.msgpack", damage, "")
    store.write_whole(state / "rules.msgpack", damage, "")
    assert (catalogue(()), rules((), declared())) == shipped


def test_without_a_place_to_keep_it_the_files_are_read(monkeypatch, tmp_path, shipped):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "file" / "below"))
    assert catalogue(()) == shipped[0]


def test_a_workload_and_constants_are_the_same_and_read_again_once_changed(tmp_path):
    folder = tmp_path / "mine"
    for kind, name in (("workloads", "rl"), ("constants", "cpu")):
        (folder / kind).mkdir(parents=True)
        shipped = book.shipped() / kind / f"{name}.yaml"
        (folder / kind / f"{name}.yaml").write_text(shipped.read_text())
    for _ in range(2):
        assert workload("rl", (folder,)) == book.workload("rl", ())
        assert constants("cpu", (folder,)) == book.constants("cpu", (), ConstantSet)
    path = folder / "workloads" / "rl.yaml"
    path.write_text(path.read_text().replace("unit: samples", "unit: frames"))
    assert workload("rl", (folder,)).unit == "frames"
    path.write_text("nonsense")
    with pytest.raises(AdvisorError):
        workload("rl", (folder,))
