"""A core's design is told by family, model and, for Skylake servers, the name."""

import pytest

from advisor.probe.arm import PARTS, core
from advisor.probe.designs import ARM, Signature, x86


@pytest.mark.parametrize(
    ("vendor", "family", "model", "name", "rates"),
    [
        ("GenuineIntel", 6, 79, "E5-2695 v4", (32, 32)),
        ("GenuineIntel", 6, 45, "E5-2680", (16, 16)),
        ("GenuineIntel", 6, 85, "Xeon(R) Gold 6230", (64, 64)),
        ("GenuineIntel", 6, 85, "Xeon(R) Silver 4114", (32, 32)),
        ("GenuineIntel", 6, 85, "Xeon(R) Gold 5120", (32, 32)),
        ("GenuineIntel", 6, 85, "Xeon(R) Gold 5122", (64, 64)),
        ("GenuineIntel", 6, 85, "Xeon Processor (Skylake, IBRS)", (32, 64)),
        ("GenuineIntel", 6, 143, "Xeon(R) Platinum 8480+", (64, 64)),
        ("AuthenticAMD", 23, 1, "EPYC 7451", (16, 16)),
        ("AuthenticAMD", 23, 0x31, "EPYC 7742", (32, 32)),
        ("AuthenticAMD", 25, 0x61, "Ryzen 9 7950X", (32, 32)),
        ("AuthenticAMD", 26, 0x44, "Ryzen 9 9950X", (64, 64)),
        ("AuthenticAMD", 26, 0x24, "Ryzen AI 9 HX 370", (32, 32)),
    ],
)
def test_x86(vendor, family, model, name, rates):
    design = x86(Signature(vendor, family, model, name))
    assert (design.low, design.high) == rates


def test_small_cores_and_amx():
    assert x86(Signature("GenuineIntel", 6, 151), small=True).high == 16
    assert x86(Signature("GenuineIntel", 6, 197), small=True).high == 32
    # A hypervisor's old model number with new instructions.
    assert x86(Signature("GenuineIntel", 6, 167), amx=True).high == 64


@pytest.mark.parametrize(("vendor", "family", "model"), [("GenuineIntel", 6, 255), ("x", 6, 85)])
def test_unknown(vendor, family, model):
    assert x86(Signature(vendor, family, model)) is None


def test_arm_names_are_those_of_the_part_table():
    assert ARM.keys() <= {core(*numbers) for numbers in PARTS}
