"""Reads files of the real file system, never waiting for one: no FIFO, no device, nothing huge."""

import os
import stat
from itertools import islice

from advisor.probe.source import FILE_BYTES, NAMES, Unread

# Without O_NONBLOCK, opening a FIFO waits for its writer; Windows has neither flag.
_FLAGS = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)
_OWN = getattr(os, "O_NOFOLLOW", 0)


def read(path: str, *, follow: bool, most: int = FILE_BYTES) -> bytes | Unread:
    """Return the bytes of a regular file; without ``follow``, refuse a link."""
    try:
        if not stat.S_ISREG(os.stat(path, follow_symlinks=follow).st_mode):
            return Unread("not a regular file")
        descriptor = os.open(path, _FLAGS | (0 if follow else _OWN))
    except (OSError, ValueError) as error:
        return Unread(reason(error))
    try:
        return _whole(descriptor, most)
    except OSError as error:
        return Unread(reason(error))
    finally:
        os.close(descriptor)


def _whole(descriptor: int, most: int) -> bytes | Unread:
    # The files of /proc say that they are 0 bytes long, so reading tells.
    pieces: list[bytes] = []
    size = 0
    while size <= most:
        piece = os.read(descriptor, 1 << 20 if pieces else 1 << 16)
        if not piece:
            return b"".join(pieces)
        pieces.append(piece)
        size += len(piece)
    return Unread(f"larger than {most >> 20} MiB")


def names(path: str) -> tuple[str, ...] | Unread:
    """Return the sorted names in a folder."""
    try:
        with os.scandir(path) as entries:
            return tuple(sorted(entry.name for entry in islice(entries, NAMES)))
    except (OSError, ValueError) as error:
        return Unread(reason(error))


def reason(error: OSError | ValueError) -> str:
    """Return the system's words for an error."""
    return error.strerror.lower() if isinstance(error, OSError) and error.strerror else str(error)
