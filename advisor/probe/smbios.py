"""Memory modules out of the firmware's tables (DMTF DSP0134, SMBIOS 3.7, "Memory Device").

The kernel shows these tables to root only, so most looks know nothing of modules.
"""

from collections.abc import Iterator

import msgspec

from advisor.machine import Module

_END = 127
_DEVICE = 17
_TABLE_BYTES = 1 << 20  # real ones are below 64 KiB
_STRUCTURES = 8192
# Offsets of string numbers in a memory device that say nothing of its owner.
_LOCATOR, _BANK, _MAKER, _PART = 0x10, 0x11, 0x17, 0x1A
_HARMLESS = (_LOCATOR, _BANK, _MAKER, _PART)
_STRING_FIELDS = (*_HARMLESS, 0x18, 0x19, 0x2B)  # besides: serial, asset tag, firmware version
_KINDS = {
    0x12: "DDR", 0x13: "DDR2", 0x18: "DDR3", 0x1A: "DDR4", 0x1B: "LPDDR", 0x1C: "LPDDR2",
    0x1D: "LPDDR3", 0x1E: "LPDDR4", 0x1F: "persistent", 0x20: "HBM", 0x21: "HBM2", 0x22: "DDR5",
    0x23: "LPDDR5", 0x24: "HBM3",
}  # fmt: skip


class Structure(msgspec.Struct, frozen=True):
    """One structure: its type, its formatted area, and its strings, numbered from 1."""

    kind: int
    area: bytes
    strings: tuple[str, ...]

    def number(self, at: int, size: int) -> int | None:
        """Return a little-endian number; None where the structure is too short (older versions)."""
        piece = self.area[at : at + size]
        return int.from_bytes(piece, "little") if len(piece) == size else None

    def text(self, at: int) -> str | None:
        """Return the string that a field names."""
        number = self.number(at, 1)
        return self.strings[number - 1] if number and number <= len(self.strings) else None


def structures(table: bytes) -> Iterator[Structure]:
    """Walk a table, or the raw form of one structure; stop where it makes no sense."""
    at, count = 0, 0
    table = table[:_TABLE_BYTES]
    while at + 4 <= len(table) and count < _STRUCTURES:
        kind, length = table[at], table[at + 1]
        end = table.find(b"\0\0", at + length)
        if length < 4 or end < 0:
            return
        words = table[at + length : end].split(b"\0")
        strings = tuple(w.decode("latin-1").strip() for w in words if w)
        yield Structure(kind, table[at : at + length], strings)
        if kind == _END:
            return
        at, count = end + 2, count + 1


def modules(table: bytes) -> tuple[Module, ...]:
    """Return the memory devices that are fitted."""
    devices = (s for s in structures(table) if s.kind == _DEVICE)
    return tuple(module for device in devices if (module := _module(device)))


def _module(device: Structure) -> Module | None:
    size = _size(device)
    if size == 0:
        return None
    width = device.number(0x0A, 2)
    return Module(
        locator=device.text(_LOCATOR),
        bank=device.text(_BANK),
        size_bytes=size,
        kind=_KINDS.get(device.number(0x12, 1) or 0),
        width_bits=width if width and width != 0xFFFF else None,
        transfers_per_second=_speed(device, 0x15, 0x54),
        configured_transfers_per_second=_speed(device, 0x20, 0x58),
        manufacturer=device.text(_MAKER),
        part_number=device.text(_PART),
    )


def _size(device: Structure) -> int | None:
    """Bytes; 0 where the slot is empty. The 15-bit field is in MiB, or KiB if bit 15 is set."""
    size = device.number(0x0C, 2)
    if size is None or size == 0xFFFF:
        return None
    if size == 0x7FFF:
        extended = device.number(0x1C, 4)
        return (extended & 0x7FFFFFFF) << 20 if extended else None
    return (size & 0x7FFF) << 10 if size & 0x8000 else size << 20


def _speed(device: Structure, at: int, extended: int) -> float | None:
    """Transfers a second, from MT/s."""
    speed = device.number(at, 2)
    speed = device.number(extended, 4) if speed == 0xFFFF else speed
    return speed * 1e6 if speed else None


def redact(table: bytes) -> bytes | None:
    """Return a table of memory devices alone, without serials and asset tags.

    None where there is no memory device in it.
    """
    pieces = [_without_owner(s) for s in structures(table) if s.kind == _DEVICE]
    return b"".join(pieces) or None


def _without_owner(device: Structure) -> bytes:
    area, strings = bytearray(device.area), []
    for at in _STRING_FIELDS:
        if at >= len(area):
            continue
        text = device.text(at) if at in _HARMLESS else None
        if text:
            strings.append(text.encode("latin-1", "replace") + b"\0")
        area[at] = len(strings) if text else 0
    return bytes(area) + (b"".join(strings) or b"\0") + b"\0"
