"""Reads files of YAML, within bounds, as UTF-8."""

import re
import stat
from pathlib import Path

from advisor.book.tree import Document
from advisor.errors import AdvisorError, Where

BYTES = 4_000_000
# What YAML 1.2 (section 5.1) calls unprintable, and so refuses.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def load(path: Path, most: int = BYTES) -> Document:
    """Read a file of at most so many bytes; raises AdvisorError at the first mistake."""
    attempted = f"read {path}"
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise AdvisorError(attempted, "it is not a regular file", where=Where(str(path)))
        with path.open("rb") as stream:
            data = stream.read(most + 1)
    except OSError as error:
        raise AdvisorError(
            attempted, error.strerror or "it cannot be read", where=Where(str(path))
        ) from error
    return parse(data, str(path), most)


def parse(data: bytes, file: str, most: int = BYTES) -> Document:
    """Read the bytes of a file; raises AdvisorError with the place of the first mistake."""
    from advisor.book.events import build  # YAML loads slowly, and most answers rest on copies

    text = _text(data, file, most)
    document = Document(file, text)
    control = _CONTROL.search(text)
    if control:
        raise _fault(document, f"control character U+{ord(control[0]):04X}", text, control.start())
    root = build(document, _attempt(file))
    return Document(file, text, root)


def _attempt(file: str) -> str:
    return f"read {Path(file).name}"


def _text(data: bytes, file: str, most: int) -> str:
    wrong, remedy = "", "save it as UTF-8"
    if len(data) > most:
        wrong, remedy = f"it is larger than {most // 1000} kB", "split it"
    elif data.startswith(_UTF16):
        wrong = "it is UTF-16"
    else:
        try:
            return data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            wrong = f"byte {error.start} is not UTF-8"
    raise AdvisorError(_attempt(file), wrong, remedy=remedy, where=Where(file))


def _fault(document: Document, wrong: str, text: str, offset: int) -> AdvisorError:
    before = text[:offset].splitlines() or [""]
    if text[offset - 1 : offset] == "\n":
        before.append("")
    where = Where(document.file, len(before), len(before[-1]) + 1)
    return document.error_at(_attempt(document.file), wrong, where)
