"""Cores are named by their numbers, and an unknown number stays a number."""

import pytest

from advisor.probe.arm import PARTS, core, midr, single_threaded


@pytest.mark.parametrize(
    ("implementer", "part", "name"),
    [
        (0x41, 0xD0B, "Cortex-A76"),
        (0x41, 0xD4F, "Neoverse-V2"),
        (0x46, 0x001, "Fujitsu A64FX"),
        (0xC0, 0xAC3, "Ampere Ampere-1"),
        (0x48, 0xD40, "Cortex-A76"),
        (0x41, 0xFFF, "Arm part 0xfff"),
        (0x99, 0x001, "implementer 0x99 part 0x001"),
    ],
)
def test_core(implementer, part, name):
    assert core(implementer, part) == name


def test_midr():
    assert midr(0x413FD0C1) == (0x41, 0xD0C)


def test_threads_are_known_of_known_cores_only():
    assert single_threaded("Cortex-A76")
    assert not single_threaded("Neoverse-E1")
    assert not single_threaded("Arm part 0xfff")


def test_the_table_is_read_whole():
    assert len(PARTS) > 150
    assert all(0 <= part < 0x1000 and name[0].isalpha() for (_, part), name in PARTS.items())
