"""Sequential reads of 1 MiB from a file that it made, past the page cache where that is allowed."""

import contextlib
import mmap
import os
import sys
import time
from collections.abc import Iterator, Sequence
from io import FileIO
from pathlib import Path
from random import Random

from advisor.bench.hands import SEED, Hands
from advisor.bench.task import Ready, Site, Task, TaskError
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "sequential 1 MiB reads of the disk under the working folder"
TORCH = False

BLOCK = 2**20
MOST_BYTES = 2**30
LEAST_BYTES = 16 * BLOCK
_FREE_SHARE = 0.01
# Writing the file is not the measurement: on a slow disk it stays shorter; only the least bytes may
# take several times that. What was written is pushed to the disk in between, not all at the end.
_WRITE_SECONDS = 1.0
_PATIENCE = 4.0
_PUSH = 32 * BLOCK
_F_NOCACHE = 48  # macOS, sys/fcntl.h


def tasks(site: Site) -> Iterator[Task | Gap]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing besides the headline."""
    return iter(())


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task | Gap]:  # noqa: ARG001
    """Plan the read, if one hundredth of the free space makes a file worth reading."""
    if not hasattr(os, "preadv"):  # native Windows, where an open file cannot lose its name either
        yield Gap("measurements.disk.read", "this system has no preadv call")
        return
    size = min(MOST_BYTES, int((site.disk_free_bytes or 0) * _FREE_SHARE)) // BLOCK * BLOCK
    if size < LEAST_BYTES:
        why = f"1 % of the free space of {site.folder} is too little for a file to read"
        yield Gap("measurements.disk.read", why, "free some space, or run in another folder")
        return
    yield Task(
        benchmark="disk_read",
        name="disk.read",
        device=site.disk,
        unit="bytes/s",
        work=float(BLOCK),
        conditions={"file_bytes": size, "block_bytes": BLOCK, "queue_depth": 1},
        rank=1,  # writing its file takes seconds
        samples=3,
        batch_seconds=0.05,
        setup_seconds=_WRITE_SECONDS,
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Make the file, nameless before it grows, and open it past the cache: it never outlives us."""
    path = Path(hands.folder) / f".mlinfra-disk-read-{os.getpid()}"
    seconds = min(_WRITE_SECONDS, hands.setup_seconds / 2)
    try:
        with path.open("xb", buffering=0) as writer:
            try:
                writer.write(os.urandom(BLOCK))
                file, method = _open(path)
            finally:  # whoever kills this process now leaves nothing behind
                path.unlink()
            size = _write(writer, int(task.conditions["file_bytes"] or 0), seconds)
    except OSError as error:
        raise TaskError(
            f"{hands.folder}: {error.strerror}", remedy="run in another folder"
        ) from error
    buffer = scattered(BLOCK)
    offsets = _offsets(size)
    doubt = None if method == "direct" else "page cache: the filesystem refuses direct reads"
    return Ready(
        call=lambda: os.preadv(file, [buffer], next(offsets)),
        conditions={"method": method, "file_bytes": size, "buffer": "small pages, apart"},
        doubt=doubt,
    )


def scattered(size: int) -> mmap.mmap:
    """Return page-aligned memory whose pages lie apart, as they do in a program that ran a while.

    How many pieces a direct read is cut into depends on it: on a virtio disk pages that happened to
    lie side by side gave 2.5 times the rate, one huge page 4.7 times.
    """
    flags = {"flags": mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS} if hasattr(mmap, "MAP_PRIVATE") else {}
    block = mmap.mmap(-1, size, **flags)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        with contextlib.suppress(OSError):  # a kernel without transparent huge pages
            block.madvise(mmap.MADV_NOHUGEPAGE)
    pages = list(range(0, size, mmap.PAGESIZE))
    Random(SEED).shuffle(pages)  # noqa: S311 - pages are handed out in the order they are touched
    for page in pages:
        block[page] = 1
    return block


def _write(file: FileIO, size: int, seconds: float) -> int:
    """Grow to ``size`` random bytes, for a while at most, and push them to the disk."""
    block = os.urandom(BLOCK)
    began = time.perf_counter()
    written = file.tell()
    while written < size:
        took = time.perf_counter() - began
        if took > seconds * (1.0 if written >= LEAST_BYTES else _PATIENCE):
            break
        written += file.write(block)
        if written % _PUSH < BLOCK:
            os.fsync(file.fileno())
    os.fsync(file.fileno())
    if written < LEAST_BYTES:
        raise TaskError(f"the disk took only {written} bytes in {_PATIENCE * seconds:g} s")
    return written


def _open(path: Path) -> tuple[int, str]:
    if hasattr(os, "O_DIRECT"):
        with contextlib.suppress(OSError):
            return _tried(os.open(path, os.O_RDONLY | os.O_DIRECT)), "direct"
    file = os.open(path, os.O_RDONLY)
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(file, _F_NOCACHE, 1)
        return file, "direct"
    return file, "page cache"


def _tried(file: int) -> int:
    """Read one block: some filesystems open a file for direct reads and then refuse them."""
    try:
        os.preadv(file, [mmap.mmap(-1, BLOCK)], 0)
    except OSError:
        os.close(file)
        raise
    return file


def _offsets(size: int) -> Iterator[int]:
    while True:
        yield from range(0, size - BLOCK + 1, BLOCK)
