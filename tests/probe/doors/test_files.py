"""Files are read whole or refused; a FIFO is never waited for."""

import os

import pytest

from advisor.probe.doors import files
from advisor.probe.source import Unread


def test_reads_whole_files(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * 200_000)
    assert files.read(str(tmp_path / "a"), follow=True) == b"x" * 200_000


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_refuses_what_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "big").write_bytes(b"x" * 1001)
    (tmp_path / "a").write_bytes(b"x")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    cases = {
        "fifo": "regular",
        "big": "larger",
        "link": "regular",
        "none": "no such",
        "": "regular",
    }
    for name, words in cases.items():
        answer = files.read(str(tmp_path / name), follow=False, most=1000)
        assert isinstance(answer, Unread)
        assert words in answer.why


def test_names(tmp_path, monkeypatch):
    for name in "cab":
        (tmp_path / name).touch()
    assert files.names(str(tmp_path)) == ("a", "b", "c")
    assert isinstance(files.names(str(tmp_path / "a")), Unread)
    monkeypatch.setattr(files, "NAMES", 2)
    assert len(files.names(str(tmp_path))) == 2
