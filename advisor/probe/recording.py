"""Records a look, redacted, so that it can be replayed anywhere."""

import base64
import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from advisor import __version__
from advisor.probe import smbios
from advisor.probe.doors.replay import Capture, load
from advisor.probe.redact import Redactor
from advisor.probe.source import Json, Source, Unread, Value

_DMI = "/dmi/"
_OTHERS = re.compile(r"/cpu[1-9]\d*/")
ANSWER = 2048  # characters: one CPU's part of /proc/cpuinfo is some 1,500
EVIDENCE = 48_000  # characters; an issue on GitHub holds 65,536


class Parts(msgspec.Struct):
    """A capture while it is written."""

    read: dict[str, str] = {}
    binary: dict[str, str] = {}
    names: dict[str, tuple[str, ...]] = {}
    link: dict[str, str] = {}
    run: dict[str, str] = {}
    process: dict[str, object] = {}
    unread: dict[str, dict[str, str]] = {}


def capture(source: Source) -> bytes:
    """Return all that a source has told so far, as the text of a capture file.

    Serials, UUIDs, addresses, names of host and user, and paths are replaced by tokens.
    """
    parts = _parts(source)
    about = {"tool": __version__, "linux": source.linux, "running": source.running}
    whole = msgspec.convert({**msgspec.to_builtins(parts), **about}, Capture)
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def _parts(source: Source) -> Parts:
    secrets = source.door.process("secrets")
    known = [str(s) for s in secrets] if isinstance(secrets, list) else []
    hide, parts = Redactor(known), Parts()
    for (kind, subject), value in sorted(source.answers().items()):
        _add(parts, hide, kind, subject, value)
    return parts


def evidence(source: Source) -> tuple[tuple[str, str], ...]:
    """Return what was read and what it said, redacted and cut to what a report can hold.

    Of files that every CPU has, those of the first stand for all.
    """
    parts = _parts(source)
    told = {**parts.read, **parts.run, **{k: str(v) for k, v in parts.process.items()}}
    pairs = [(name, text) for name, text in sorted(told.items()) if not _OTHERS.search(name)]
    shown, size = [], 0
    for name, text in pairs:
        cut = text if len(text) <= ANSWER else f"{text[:ANSWER]} … ({len(text)} characters in all)"
        size += len(name) + len(cut)
        if size > EVIDENCE:
            break
        shown.append((name, cut))
    return tuple(shown)


def replay(path: Path) -> Source:
    """Look at a recorded machine.

    Raises:
        AdvisorError: the capture cannot be read.
    """
    return Source(load(path))


def _add(parts: Parts, hide: Redactor, kind: str, subject: str, value: Value) -> None:
    name = _subject(hide, kind, subject)
    if isinstance(value, Unread):
        parts.unread.setdefault(kind, {})[name] = hide.words(value.why)
    elif isinstance(value, bytes):
        _file(parts, hide, subject, name, value)
    elif isinstance(value, tuple):
        parts.names[name] = tuple(_entry(hide, subject, entry) for entry in value)
    elif kind == "link":
        parts.link[name] = hide.path(str(value))
    elif kind == "run":
        parts.run[name] = hide.words(str(value))
    else:
        parts.process[name] = _fact(hide, value)


def _subject(hide: Redactor, kind: str, subject: str) -> str:
    if kind == "run":
        return hide.words(subject.replace("\0", " "))
    fact, mark, rest = subject.partition(":")
    if kind == "process":
        return fact + mark + (hide.path(rest) if rest.startswith("/") else rest)
    return hide.path(subject)


def _file(parts: Parts, hide: Redactor, path: str, name: str, data: bytes) -> None:
    if _DMI in path and (table := smbios.redact(data)) is not None:
        parts.binary[name] = base64.b64encode(table).decode()
        return
    try:
        parts.read[name] = hide.file(path, data.decode())
    except UnicodeDecodeError:
        why = "binary, and so left out of the capture"
        parts.unread.setdefault("read", {})[name] = why


def _entry(hide: Redactor, folder: str, entry: str) -> str:
    return hide.path(f"{folder.rstrip('/')}/{entry}").rpartition("/")[2]


def _fact(hide: Redactor, value: Json) -> object:
    redact: Callable[[Json], object] = lambda one: _fact(hide, one)  # noqa: E731
    if isinstance(value, str):
        return hide.value(value)
    if isinstance(value, list):
        return [redact(one) for one in value]
    if isinstance(value, dict):
        return {key: redact(one) for key, one in value.items()}
    return value
