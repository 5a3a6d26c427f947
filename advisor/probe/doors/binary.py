"""Reads which GPUs a torch was built for out of its library, without loading it.

CMake writes the list into libtorch_python as one string, ``sm_75 sm_80 …`` or for ROCm ``gfx90a
gfx942 …`` (torch/csrc/cuda/Module.cpp, THCPModule_cudaArchFlags).
"""

import mmap
import os
import re

_WORD = rb"(?:sm_\d{2,3}[af]?|compute_\d{2,3}[af]?|gfx[0-9a-f]{3,4}(?:[:+-][a-z+:-]{1,40})?)"
_LIST = re.compile(rb"\0(" + _WORD + rb"(?:[ ;]" + _WORD + rb"){0,60})\0")
_STARTS = (b"\0sm_", b"\0compute_", b"\0gfx")
BYTES = 256 << 20  # libtorch_python is 35 MB
LONGEST = 1024


def architectures(path: str) -> list[str] | None:
    """Return the longest list of architectures that stands in a file; None where none does."""
    with open(path, "rb") as file:
        size = os.fstat(file.fileno()).st_size
        if not 0 < size <= BYTES:
            return None
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
            every = (_lists(data, start) for start in _STARTS)
            found = next((lists for lists in every if lists), list[bytes]())
    best = max(found, key=len, default=b"")
    return re.split(r"[ ;]", best.decode()) if best else None


def _lists(data: mmap.mmap, start: bytes) -> list[bytes]:
    found: list[bytes] = []
    place = data.find(start)
    while place >= 0 and len(found) < LONGEST:
        match = _LIST.match(data[place : place + LONGEST])
        if match:
            found.append(match[1])
        place = data.find(start, place + 1)
    return found
