"""Fixes how memory is handed out, because page faults decide what small batches cost.

A fresh 4 KiB page costs about 1 µs; whether a freed tensor's pages are kept depends on the history
of the process. glibc is told to keep them (mallopt(3)); elsewhere the system's way is recorded.
"""

import ctypes

# glibc's malloc.h: option numbers of mallopt.
_TRIM_THRESHOLD = -1
_MMAP_MAX = -4
_NEVER = 2**31 - 1


def fix() -> str:
    """Make this process keep freed memory if it can, and say what holds from now on."""
    try:
        library = ctypes.CDLL(None)
        library.gnu_get_libc_version  # noqa: B018 - asks whether this C library is glibc
        kept = library.mallopt(_MMAP_MAX, 0) and library.mallopt(_TRIM_THRESHOLD, _NEVER)
    except (AttributeError, OSError, TypeError):
        return "system default"
    return "glibc keeps freed memory" if kept else "glibc default"
