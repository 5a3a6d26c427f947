"""A recorded look: what was asked then is answered the same now, and nothing else is."""

import base64
import binascii
from pathlib import Path

import msgspec

from advisor.errors import AdvisorError, Where
from advisor.probe.doors import files
from advisor.probe.source import Json, Unread

SCHEMA = "mlinfra/capture/1"
MOST_BYTES = 64 << 20  # a look at 4,096 threads is some 20 MB
MISSING = Unread("not asked when the capture was taken")


class Capture(msgspec.Struct, frozen=True, kw_only=True):
    """All answers of one look, by what was asked; ``read`` is text, ``binary`` is base64.

    ``running`` says whether it was a look at a running system rather than at a captured tree.
    """

    schema: str = SCHEMA
    tool: str
    linux: bool
    running: bool
    read: dict[str, str] = {}
    binary: dict[str, str] = {}
    names: dict[str, tuple[str, ...]] = {}
    link: dict[str, str] = {}
    run: dict[str, str] = {}
    process: dict[str, bool | int | float | str | list[object] | dict[str, object] | None] = {}
    unread: dict[str, dict[str, str]] = {}


class Replay:
    """The door to a capture."""

    kind = "replay"

    def __init__(self, capture: Capture) -> None:
        """Answer as the capture does."""
        self.linux = capture.linux
        self.running = capture.running
        self._capture = capture

    def read(self, path: str) -> bytes | Unread:
        """Return a recorded file."""
        if path in self._capture.binary:
            return _binary(self._capture.binary[path])
        text = self._capture.read.get(path)
        return self._unread("read", path) if text is None else text.encode()

    def names(self, path: str) -> tuple[str, ...] | Unread:
        """Return a recorded listing."""
        found = self._capture.names.get(path)
        return self._unread("names", path) if found is None else found

    def link(self, path: str) -> str | Unread:
        """Return where a path led."""
        found = self._capture.link.get(path)
        return self._unread("link", path) if found is None else found

    def run(self, command: tuple[str, ...]) -> str | Unread:
        """Return what a program printed."""
        found = self._capture.run.get(" ".join(command))
        return self._unread("run", " ".join(command)) if found is None else found

    def process(self, name: str) -> Json | Unread:
        """Return a fact about the process that looked."""
        if name not in self._capture.process:
            return self._unread("process", name)
        return _json(self._capture.process[name])

    def _unread(self, kind: str, subject: str) -> Unread:
        why = self._capture.unread.get(kind, {}).get(subject)
        return Unread(why) if why else MISSING


def _binary(text: str) -> bytes | Unread:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return Unread("the capture holds no valid base64 here")


def _json(value: object) -> Json:
    """Take what JSON can hold, of which the type says less than it knows."""
    if isinstance(value, list):
        return [_json(one) for one in value]
    if isinstance(value, dict):
        return {str(key): _json(one) for key, one in value.items()}
    return value if value is None or isinstance(value, (bool, int, float, str)) else None


def load(path: Path) -> Replay:
    """Open a capture file.

    Raises:
        AdvisorError: it cannot be read, or is no capture of this version.
    """
    data = files.read(str(path), follow=True, most=MOST_BYTES)
    if isinstance(data, Unread):
        raise _refused(path, data.why)
    try:
        capture = msgspec.json.decode(data, type=Capture)
    except msgspec.DecodeError as error:
        raise _refused(path, str(error)) from error
    if capture.schema != SCHEMA:
        raise _refused(path, f"its schema is {capture.schema[:80]!r}, not {SCHEMA!r}")
    return Replay(capture)


def _refused(path: Path, wrong: str) -> AdvisorError:
    remedy = "take it with `mlinfra probe --capture FILE`"
    return AdvisorError("read the capture", wrong, where=Where(str(path)), remedy=remedy)
