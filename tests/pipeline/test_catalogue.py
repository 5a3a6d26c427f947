"""The copy of the catalogue is as good as the files, and gone when one of them changes."""

import pytest

from advisor import book, store
from advisor.pipeline.catalogue import catalogue

SHELF = """vendor: Us
source: us
date: 2026-01-01
parts:
  - {name: Card, kind: gpu, memory: 8 GiB}
"""


@pytest.fixture(autouse=True)
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "state"))
    return tmp_path / "state" / "catalogue.msgpack"


def test_a_copy_is_the_same(kept):
    assert catalogue(()) == book.parts(())
    assert kept.is_file()
    assert catalogue(()) == book.parts(())


def test_a_changed_file_is_read_again(tmp_path):
    shelf = tmp_path / "mine" / "parts" / "us.yaml"
    shelf.parent.mkdir(parents=True)
    shelf.write_text(SHELF)
    assert catalogue((tmp_path / "mine",))[-1].name == "Card"
    shelf.write_text(SHELF.replace("Card", "Other card"))
    assert catalogue((tmp_path / "mine",))[-1].name == "Other card"


@pytest.mark.parametrize("damage", [b"", b"\x93", b"\xc1nonsense", b"\x92\xa1x\x90"])
def test_a_damaged_copy_counts_as_none(kept, damage):
    store.write_whole(kept, damage, "")
    assert catalogue(()) == book.parts(())


def test_without_a_place_to_keep_it_the_files_are_read(monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path / "file" / "below"))
    assert len(catalogue(())) == len(book.parts(()))
