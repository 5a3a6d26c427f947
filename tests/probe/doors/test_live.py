"""The running system answers, or says why not, and never hangs."""

import sys

import pytest

from advisor.probe.doors import live
from advisor.probe.doors.live import Live
from advisor.probe.source import Unread


def test_reads_this_system(tmp_path):
    (tmp_path / "a").write_text("x")
    (tmp_path / "b").symlink_to("a")
    door = Live()
    assert door.read(str(tmp_path / "b")) == b"x"
    assert door.link(str(tmp_path / "b")) == str((tmp_path / "a").resolve())
    assert door.names(str(tmp_path)) == ("a", "b")
    assert isinstance(door.link(str(tmp_path / "none")), Unread)


@pytest.mark.parametrize(
    ("program", "answer"),
    [
        ("print('hello')", "hello"),
        ("raise SystemExit(3)", Unread("it failed with exit code 3")),
        ("import time; time.sleep(60)", Unread("no answer within 1 s")),
    ],
)
def test_programs_have_a_time_limit(monkeypatch, program, answer):
    monkeypatch.setattr(live, "RUN_SECONDS", 1.0)
    got = Live().run((sys.executable, "-Ic", program))
    assert (got.strip() if isinstance(got, str) else got) == answer


def test_a_program_that_is_not_there():
    assert Live().run(("no-such-program-anywhere",)) == Unread("no such program here")


def test_what_is_asked_on_other_systems():
    told = Live().process("psutil")
    assert told["threads"] >= told.get("cores", 1) >= 1
    assert told["total"] >= told["available"] > 0
    assert Live().process("machine")
    assert Live().process("affinity")


def test_facts_of_this_process(monkeypatch, tmp_path):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    door = Live()
    assert door.process("env:OMP_NUM_THREADS") == "3"
    assert door.process("python") == sys.version.split()[0]
    space = door.process(f"space:{tmp_path}")
    assert space["total"] >= space["free"] > 0
    assert isinstance(door.process(f"space:{tmp_path}/none"), Unread)
    assert isinstance(door.process("soul"), Unread)


def test_the_compiler_is_found_on_the_path_or_by_its_variable(monkeypatch, tmp_path):
    monkeypatch.delenv("CXX", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Live().process("compiler") == ""
    for name in ("clang++", "g++-14"):
        (tmp_path / name).touch(mode=0o755)
    assert Live().process("compiler") == "clang++"
    monkeypatch.setenv("CXX", str(tmp_path / "g++-14"))
    assert Live().process("compiler") == "g++-14"


@pytest.mark.parametrize(("name", "spaced"), [("my own", True), ("own", False)])
def test_a_space_in_the_path_of_torch_is_seen(monkeypatch, tmp_path, name, spaced):
    folder = tmp_path / name
    (folder / "torch").mkdir(parents=True)
    (folder / "torch" / "version.py").write_text("__version__ = '2.13.0'\n")
    monkeypatch.setattr("sys.path", [str(tmp_path / "none"), str(folder)])
    assert Live().process("torch_spaced") is spaced


def test_the_headers_of_this_python_are_looked_for_where_it_was_installed(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "base_prefix", str(tmp_path))
    assert Live().process("headers") is False
    folder = tmp_path / "Include"
    folder.mkdir()
    (folder / "Python.h").touch()
    assert Live().process("headers") is True
