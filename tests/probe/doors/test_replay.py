"""A capture file answers what was asked; another file is refused in one line."""

import pytest

from advisor.errors import AdvisorError
from advisor.probe.doors.replay import MISSING, Capture, Replay, load
from advisor.probe.source import Unread

CAPTURE = Capture(
    tool="0.1", linux=True, running=True, read={"/a": "text"}, binary={"/b": "AAE=", "/c": "!"},
    names={"/d": ("x",)}, link={"/a": "/z"}, run={"uname -m": "arm64"},
    process={"n": 1, "deep": {"list": [1, None]}}, unread={"read": {"/e": "permission denied"}},
)  # fmt: skip


def test_answers():
    door = Replay(CAPTURE)
    assert door.read("/a") == b"text"
    assert door.read("/b") == b"\0\1"
    assert "base64" in door.read("/c").why
    assert door.read("/e") == Unread("permission denied")
    assert door.read("/f") == MISSING
    assert door.names("/d") == ("x",)
    assert door.link("/a") == "/z"
    assert door.run(("uname", "-m")) == "arm64"
    assert door.process("n") == 1
    assert door.process("deep") == {"list": [1, None]}
    assert [door.names("/"), door.link("/"), door.run(("x",)), door.process("x")] == [MISSING] * 4
    assert (door.linux, door.running) == (True, True)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (None, "no such file"),
        ("{", "truncated"),
        ("{}", "required field"),
        ('{"schema": "other/1", "tool": "", "linux": true, "running": true}', "schema"),
    ],
)
def test_refused(tmp_path, text, wrong):
    if text is not None:
        (tmp_path / "file").write_text(text)
    with pytest.raises(AdvisorError, match=wrong):
        load(tmp_path / "file")
