"""Unified memory is the host's."""

import pytest

from advisor.machine import Device
from advisor.probe.unified import shared
from tests.tools.tree import source


@pytest.mark.parametrize(
    ("text", "total", "free"),
    [
        ("MemTotal: 100 kB\nMemAvailable: 40 kB\n", 102400, 40960),
        ("MemTotal: 100 kB\nMemFree: 40 kB\n", 102400, None),
        ("MemTotal:\nMemAvailable: x kB\n", None, None),
        ("MemTotal: 99999999999999999999 kB\n", None, None),
        ("", None, None),
    ],
)
def test_shared(text, total, free):
    found = shared(source({"/proc/meminfo": text}), Device(id="gpu:0"))
    assert (found.memory_bytes, found.memory_free_bytes) == (total, free)
    assert found.unified_memory is True
