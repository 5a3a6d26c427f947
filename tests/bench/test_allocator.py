import ctypes
import os
import subprocess
import sys

import pytest

from advisor.bench import allocator

# Touch 64 MiB afresh, ten times, and count the page faults of the last nine.
PROGRAM = """
import ctypes, resource, sys
sys.path.insert(0, sys.argv[1])
from advisor.bench import allocator
if sys.argv[2] == "fixed": print(allocator.fix())
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
def fresh():
    block = library.malloc(ctypes.c_size_t(2**26))
    ctypes.memset(block, 1, 2**26)
    library.free(ctypes.c_void_p(block))
fresh()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(9): fresh()
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120


def faults(way):
    command = [sys.executable, "-c", PROGRAM, ROOT, way]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@pytest.mark.skipif(
    not hasattr(ctypes.CDLL(None), "gnu_get_libc_version"), reason="the C library is not glibc"
)
def test_glibc_keeps_freed_pages_once_told():
    words, count = faults("fixed").splitlines()
    assert words == "glibc keeps freed memory"
    assert int(count) < 100
    assert int(faults("default")) > 9 * 2**26 / 4096 / 600  # even huge pages fault again


def test_another_c_library_is_left_as_it_is(monkeypatch):
    monkeypatch.setattr(allocator.ctypes, "CDLL", lambda _: object())
    assert allocator.fix() == "system default"
