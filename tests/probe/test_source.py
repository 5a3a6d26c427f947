"""A source answers once, says why not, and stops at a bound."""

import pytest

from advisor.probe import source as module
from advisor.probe.source import Source, clean
from tests.forest import Woods, grow

FILES = {
    "/n": b" 42\n", "/text": "\x1b]0;é\x00\n".encode(), "/bad": b"4 2", "/garbage": b"\xff\xfe",
    "/d/cpu10": b"", "/d/cpu2": b"", "/d/cpufreq": b"", "/d/cpu-1": b"", "/d/cpu99999999": b"",
}  # fmt: skip


@pytest.mark.parametrize(
    ("call", "answer"),
    [
        (lambda s: s.number("/n"), 42),
        (lambda s: s.number("/bad"), None),
        (lambda s: s.number("/none"), None),
        (lambda s: s.text("/text"), "]0;é"),
        (lambda s: s.text("/garbage"), "��"),
        (lambda s: s.numbered("/d", "cpu"), (2, 10)),
        (lambda s: s.exists("/n"), True),
        (lambda s: s.exists("/none"), False),
        (lambda s: s.run("a", "b"), "said[31m"),
        (lambda s: s.run("c"), None),
        (lambda s: s.process("seven"), 7),
        (lambda s: s.process("eight"), None),
        (lambda s: s.read("/n\0x"), None),
    ],
)
def test_answers(call, answer):
    source = grow(FILES, facts={"seven": 7}, programs={("a", "b"): "said\x1b[31m"})
    assert call(source) == answer


def test_asks_once_and_says_why():
    door = Woods(FILES)
    source = Source(door)
    assert source.read("/none") is None
    door.files["/none"] = b"too late"
    assert source.text("/none") is None
    assert source.why("/none") == "/none: no such file or directory"
    assert source.why("/bad") == "/bad: says nothing that could be read"


def test_one_look_reads_only_so_much(monkeypatch):
    monkeypatch.setattr(module, "LOOK_BYTES", 3)
    source = grow(FILES)
    assert source.read("/n") == b" 42\n"
    assert source.read("/bad") is None
    assert "already read" in source.why("/bad")


def test_only_a_live_source_is_told_of_the_caller():
    door = Woods({})
    source = Source(door)
    source.note("directory", "/home")
    assert source.process("directory") is None
    door.kind = "live"
    source = Source(door)
    source.note("directory", "/home")
    assert source.process("directory") == "/home"


def test_clean_keeps_lines():
    assert clean("\x9b1ma\tb\r\nc\x7f \n") == "1ma\tb\nc"
