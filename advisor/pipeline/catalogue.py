"""The whole catalogue, read once: a copy that decodes in milliseconds is kept beside measurements.

The copy is good for as long as no part file has changed; where it cannot be kept or read, the files
are read each time, and nothing is said.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from advisor import __version__, book, store
from advisor.errors import AdvisorError
from advisor.part import Part

# The shipped catalogue's copy is 1.4 MB.
_MOST_BYTES = 64 * 1024 * 1024


class _Copy(msgspec.Struct, frozen=True, array_like=True):
    """Parts, and of which files they are a copy."""

    stamp: str
    parts: tuple[Part, ...]


def catalogue(folders: Sequence[Path]) -> tuple[Part, ...]:
    """Return every part, in order of precedence.

    Raises:
        AdvisorError: a part file cannot be read.
    """
    stamp = _stamp(folders)
    kept = _kept(stamp)
    if kept is not None:
        return kept
    parts = book.parts(folders)
    _keep(_Copy(stamp, parts))
    return parts


def _stamp(folders: Sequence[Path]) -> str:
    """Name the state of all part files by their paths, sizes and times of change."""
    found = [__version__]
    for path in book.part_files(folders):
        told = path.stat()
        found.append(f"{path} {told.st_size} {told.st_mtime_ns}")
    return hashlib.sha256("\n".join(found).encode()).hexdigest()


def _path() -> Path:
    return store.folder() / "catalogue.msgpack"


def _kept(stamp: str) -> tuple[Part, ...] | None:
    try:
        with _path().open("rb") as file:
            copy = msgspec.msgpack.decode(file.read(_MOST_BYTES), type=_Copy)
    except (OSError, msgspec.DecodeError, RecursionError):
        return None
    return copy.parts if copy.stamp == stamp else None


def _keep(copy: _Copy) -> None:
    try:
        store.write_whole(_path(), msgspec.msgpack.encode(copy), "keep a copy of the catalogue")
    except AdvisorError:
        return  # the next call reads the files again
