"""Large blocks of host memory for the bandwidth benchmarks, with or without torch."""

import ctypes
import mmap
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

# Blocks are touched by this much at a time, to see in between how long it takes.
_STEP = 64 * 2**20


class Blocks:
    """Page-aligned blocks of equal size, touched once by the threads that will use them.

    Huge pages are asked for where the kernel offers them, so that faulting gigabytes in does not
    eat the time budget; the blocks are kept and reused until the process ends.
    """

    def __init__(self, count: int, size: int, threads: int, seconds: float) -> None:
        """Map ``count`` blocks of ``size`` bytes and touch them, as far as ``seconds`` last.

        ``size`` is then what was touched; the first part is touched whatever it takes.
        """
        self._pool = ThreadPoolExecutor(threads)
        self._threads = threads
        self.maps = [_mapped(size) for _ in range(count)]
        self.addresses = [ctypes.addressof(ctypes.c_char.from_buffer(m)) for m in self.maps]
        library = ctypes.CDLL(None)
        self._memcpy, self._memset = library.memcpy, library.memset
        self._memcpy.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_size_t]
        self._memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
        self.size = 0
        began = time.perf_counter()
        while self.size < size and (not self.size or time.perf_counter() - began < seconds):
            self._touch(min(_STEP, size - self.size))

    def _touch(self, length: int) -> None:
        def touch(part: tuple[int, int]) -> None:
            for address in self.addresses:
                self._memset(address + self.size + part[0], 1, part[1])

        list(self._pool.map(touch, _parts(length, self._threads)))
        self.size += length

    def copy(self, size: int) -> Callable[[], object]:
        """Return a call that copies block 1 to block 0 by libc's memcpy, a part a thread.

        The calling thread only waits: where it took a part too, the kernel woke the other threads
        on its own processor, where they stood in line for a third of the time.
        """
        to, source = self.addresses[:2]
        parts = _parts(size, self._threads)

        def work(part: tuple[int, int]) -> None:
            self._memcpy(to + part[0], source + part[0], part[1])

        return lambda: list(self._pool.map(work, parts))


def fresh_write(size: int) -> Callable[[], object]:
    """Return a call that writes memory the process never had: its pages are faulted in."""
    memset = ctypes.CDLL(None).memset
    memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]

    def write() -> None:
        with mmap.mmap(-1, size) as block:
            view = ctypes.c_char.from_buffer(block)
            memset(ctypes.addressof(view), 1, size)
            del view  # else the block could not be closed

    return write


def _mapped(size: int) -> mmap.mmap:
    block = mmap.mmap(-1, size)
    if hasattr(mmap, "MADV_HUGEPAGE"):
        try:
            block.madvise(mmap.MADV_HUGEPAGE)
        except OSError:  # a kernel without transparent huge pages: small ones do
            return block
    return block


def _parts(size: int, count: int) -> list[tuple[int, int]]:
    """Cut a block into ``count`` runs of whole pages, as (start, length)."""
    pages = -(-size // mmap.PAGESIZE)
    edges = [pages * i // count * mmap.PAGESIZE for i in range(count)] + [size]
    return [(a, b - a) for a, b in pairwise(edges)]
