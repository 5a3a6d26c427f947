"""Memory devices are read out of firmware tables, and lose their serials in a capture."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.machine import Module
from advisor.probe.smbios import modules, redact, structures


def device(*, size=0x4000, speed=3200, configured=2933, extended=0, strings=(), length=0x5C):
    area = bytearray(length)
    area[0:2] = bytes((17, length))
    for at, form, value in (
        (0x08, "H", 72), (0x0A, "H", 64), (0x0C, "H", size), (0x12, "B", 0x1A), (0x15, "H", speed),
        (0x1C, "I", extended), (0x20, "H", configured), (0x54, "I", 8800), (0x58, "I", 8000),
    ):  # fmt: skip
        if at + struct.calcsize(form) <= length:
            struct.pack_into("<" + form, area, at, value)
    for number, (at, _) in enumerate(strings, 1):
        area[at] = number
    words = b"".join(text.encode() + b"\0" for _, text in strings) or b"\0"
    return bytes(area) + words + b"\0"


STRINGS = ((0x10, "DIMM 1"), (0x11, "CHANNEL A"), (0x17, "Maker"), (0x18, "SERIAL7"),
           (0x19, "ASSET7"), (0x1A, "PART7"))  # fmt: skip
END = bytes((127, 4, 0, 0, 0, 0))


def test_a_module():
    (module,) = modules(device(strings=STRINGS) + END)
    assert module == Module(
        locator="DIMM 1", bank="CHANNEL A", size_bytes=16 << 30, kind="DDR4", width_bits=64,
        transfers_per_second=3.2e9, configured_transfers_per_second=2.933e9, manufacturer="Maker",
        part_number="PART7",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "size"),
    [
        ({"size": 0x7FFF, "extended": 32768}, 32 << 30),
        ({"size": 0x8400}, 1 << 20),
        ({"size": 0xFFFF}, None),
    ],
)
def test_sizes(fields, size):
    assert [m.size_bytes for m in modules(device(**fields))] == [size]


def test_an_empty_slot_is_no_module():
    assert modules(device(size=0) + END) == ()


def test_speeds_beyond_16_bits_and_unknown_ones():
    (fast,) = modules(device(speed=0xFFFF, configured=0xFFFF))
    assert (fast.transfers_per_second, fast.configured_transfers_per_second) == (8.8e9, 8e9)
    (old,) = modules(device(speed=0, length=0x1B))
    assert (old.transfers_per_second, old.configured_transfers_per_second) == (None, None)


def test_a_capture_keeps_modules_and_no_serials():
    owner = bytes((1, 4, 0, 0)) + b"HOST7\0\0"
    table = owner + device(strings=STRINGS) + END
    kept = redact(table)
    assert modules(kept) == modules(table)
    assert not any(secret in kept for secret in (b"SERIAL7", b"ASSET7", b"HOST7"))
    assert redact(owner + END) is None


@given(st.binary(max_size=400))
def test_no_bytes_break_it(table):
    assert len(list(structures(table))) <= len(table) // 6 + 1
    modules(table)
    redact(table)
