"""Channels are counted only where the slots' names tell them; bandwidth only then."""

import pytest

from advisor.probe.dimms import ENTRIES, TABLE, look
from tests.forest import grow
from tests.probe.test_smbios import END, device


def module(bank, locator):
    return device(strings=((0x11, bank), (0x10, locator)), configured=3200)


@pytest.mark.parametrize(
    ("slots", "channels"),
    [
        ([("P0 CHANNEL A", "DIMM 0"), ("P0 CHANNEL A", "DIMM 1"), ("P0 CHANNEL B", "DIMM 0")], 2),
        ([("P0 CHANNEL A", "DIMM 0"), ("P1 CHANNEL A", "DIMM 0")], 2),
        ([("BANK 0", "Controller0-ChannelA-DIMM0"), ("BANK 0", "Controller1-ChannelA-DIMM0")], 2),
        ([("NODE 1", "CPU1_DIMM_A1"), ("NODE 1", "CPU1_DIMM_B1")], 2),
        ([("", "P1-DIMMA1"), ("", "P2-DIMMA1")], 2),
        # Socket or channel? Makers differ.
        ([("", "DIMM_A1"), ("", "DIMM_B1")], None),
        ([("P0 CHANNEL A", "DIMM 0"), ("", "A1")], None),
    ],
)
def test_channels(slots, channels):
    table = b"".join(module(*slot) for slot in slots) + END
    seen = look(grow({TABLE: table}))
    assert len(seen.modules) == len(slots)
    assert seen.channels == channels
    assert seen.bandwidth == (channels * 25.6e9 if channels else None)
    assert [gap.what for gap in seen.gaps] == ([] if channels else ["memory.channels"])


def test_single_entries():
    files = {f"{ENTRIES}/17-0/raw": module("P0 CHANNEL A", ""), f"{ENTRIES}/1-0/raw": END}
    assert len(look(grow(files)).modules) == 1


def test_tables_are_for_root():
    seen = look(grow())
    assert seen.modules is None
    assert seen.gaps[0].what == "memory.modules"
