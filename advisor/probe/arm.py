"""Arm cores by the implementer and part numbers of their MIDR register.

Linux prints these numbers instead of a name. Source: arch/arm64/include/asm/cputype.h and
arch/arm/include/asm/cputype.h of Linux 6.12, and the core manuals' MIDR_EL1 pages.
"""

import re

IMPLEMENTERS = {
    0x41: "Arm",
    0x42: "Broadcom",
    0x43: "Cavium",
    0x44: "DEC",
    0x46: "Fujitsu",
    0x48: "HiSilicon",
    0x49: "Infineon",
    0x4D: "Motorola",
    0x4E: "NVIDIA",
    0x50: "APM",
    0x51: "Qualcomm",
    0x53: "Samsung",
    0x56: "Marvell",
    0x61: "Apple",
    0x66: "Faraday",
    0x69: "Intel",
    0x6D: "Microsoft",
    0x70: "Phytium",
    0xC0: "Ampere",
}

# Written as "part name" lists, an implementer each, to be read against cputype.h.
_PARTS = {
    0x41: """
        810 ARM810 920 ARM920 922 ARM922 926 ARM926 940 ARM940 946 ARM946 966 ARM966
        a20 ARM1020 a22 ARM1022 a26 ARM1026 b02 ARM11-MPCore b36 ARM1136 b56 ARM1156 b76 ARM1176
        c05 Cortex-A5 c07 Cortex-A7 c08 Cortex-A8 c09 Cortex-A9 c0d Cortex-A12 c0e Cortex-A17
        c0f Cortex-A15 c14 Cortex-R4 c15 Cortex-R5 c17 Cortex-R7 c18 Cortex-R8 c20 Cortex-M0
        c21 Cortex-M1 c23 Cortex-M3 c24 Cortex-M4 c27 Cortex-M7 c60 Cortex-M0+
        d01 Cortex-A32 d02 Cortex-A34 d03 Cortex-A53 d04 Cortex-A35 d05 Cortex-A55 d06 Cortex-A65
        d07 Cortex-A57 d08 Cortex-A72 d09 Cortex-A73 d0a Cortex-A75 d0b Cortex-A76 d0c Neoverse-N1
        d0d Cortex-A77 d0e Cortex-A76AE d13 Cortex-R52 d14 Cortex-R82AE d15 Cortex-R82
        d16 Cortex-R52+ d20 Cortex-M23 d21 Cortex-M33 d22 Cortex-M55 d23 Cortex-M85 d24 Cortex-M52
        d40 Neoverse-V1 d41 Cortex-A78 d42 Cortex-A78AE d43 Cortex-A65AE d44 Cortex-X1
        d46 Cortex-A510 d47 Cortex-A710 d48 Cortex-X2 d49 Neoverse-N2 d4a Neoverse-E1
        d4b Cortex-A78C d4c Cortex-X1C d4d Cortex-A715 d4e Cortex-X3 d4f Neoverse-V2
        d80 Cortex-A520 d81 Cortex-A720 d82 Cortex-X4 d83 Neoverse-V3AE d84 Neoverse-V3
        d85 Cortex-X925 d87 Cortex-A725 d88 Cortex-A520AE d89 Cortex-A720AE d8a C1-Nano d8b C1-Pro
        d8c C1-Ultra d8e Neoverse-N3 d8f Cortex-A320 d90 C1-Premium
    """,
    0x42: "00f Brahma-B15 100 Brahma-B53 516 ThunderX2",
    0x43: """
        0a0 ThunderX 0a1 ThunderX-88XX 0a2 ThunderX-81XX 0a3 ThunderX-83XX 0af ThunderX2-99XX
        0b0 OcteonTX2 0b1 OcteonTX2-98XX 0b2 OcteonTX2-96XX 0b3 OcteonTX2-95XX 0b4 OcteonTX2-95XXN
        0b5 OcteonTX2-95XXMM 0b6 OcteonTX2-95XXO 0b8 ThunderX3-T110
    """,
    0x44: "a10 StrongARM-110 a11 StrongARM-1100",
    0x46: "001 A64FX 003 MONAKA",
    0x48: "d01 TaiShan-v110 d02 TaiShan-v120 d06 HIP12 d40 Cortex-A76 d41 Cortex-A77",
    0x4E: "000 Denver 003 Denver-2 004 Carmel 010 Olympus",
    0x50: "000 X-Gene",
    0x51: """
        001 Oryon 00f Scorpion 02d Scorpion 04d Krait 06f Krait 201 Kryo 205 Kryo 211 Kryo
        800 Kryo-2XX-Gold 801 Kryo-2XX-Silver 802 Kryo-3XX-Gold 803 Kryo-3XX-Silver
        804 Kryo-4XX-Gold 805 Kryo-4XX-Silver c00 Falkor c01 Saphira
    """,
    0x53: "001 Exynos-M1 002 Exynos-M3 003 Exynos-M4 004 Exynos-M5",
    0x56: "131 Feroceon-88FR131 581 PJ4 584 PJ4B-MP",
    0x61: """
        000 Swift 001 Cyclone 002 Typhoon 003 Typhoon 004 Twister 005 Twister 006 Hurricane
        007 Hurricane 008 Monsoon 009 Mistral 00b Vortex 00c Tempest 00f Tempest-M9 010 Vortex
        011 Tempest 012 Lightning 013 Thunder 020 Icestorm-A14 021 Firestorm-A14 022 Icestorm-M1
        023 Firestorm-M1 024 Icestorm-M1-Pro 025 Firestorm-M1-Pro 028 Icestorm-M1-Max
        029 Firestorm-M1-Max 030 Blizzard-A15 031 Avalanche-A15 032 Blizzard-M2 033 Avalanche-M2
        034 Blizzard-M2-Pro 035 Avalanche-M2-Pro 036 Sawtooth-A16 037 Everest-A16
        038 Blizzard-M2-Max 039 Avalanche-M2-Max
    """,
    0x66: "526 FA526 626 FA626",
    0x6D: "d49 Azure-Cobalt-100",
    0x70: """
        303 FTC310 660 FTC660 661 FTC661 662 FTC662 663 FTC663 664 FTC664 862 FTC862
    """,
    0xC0: "ac3 Ampere-1 ac4 Ampere-1a",
}


def _table() -> dict[tuple[int, int], str]:
    split = {implementer: names.split() for implementer, names in _PARTS.items()}
    return {
        (implementer, int(part, 16)): name
        for implementer, words in split.items()
        for part, name in zip(words[::2], words[1::2], strict=True)
    }


PARTS = _table()
# Arm's own cores need no maker before their name; nor do names that are nobody else's.
_PLAIN = re.compile(r"Cortex|Neoverse|ARM|C1-")


# Cores that run several threads (their manuals); of the others in the table none does.
THREADED = frozenset(
    {
        "Cortex-A65",
        "Cortex-A65AE",
        "Neoverse-E1",
        "NVIDIA Olympus",
        "Cavium ThunderX2-99XX",
        "Broadcom ThunderX2",
        "Cavium ThunderX3-T110",
        "HiSilicon TaiShan-v120",
        "HiSilicon HIP12",
    }
)


def single_threaded(name: str) -> bool:
    """Whether a core of this name is known to run one thread only; SiFive's and T-Head's do."""
    return (name in _KNOWN and name not in THREADED) or name.startswith(("sifive,", "thead,"))


def core(implementer: int, part: int) -> str:
    """Name a core: ``Cortex-A76``, ``Fujitsu A64FX``, or ``Arm part 0xd99`` where none is known."""
    maker = IMPLEMENTERS.get(implementer, f"implementer {implementer:#04x}")
    name = PARTS.get((implementer, part))
    return _full(maker, name) if name else f"{maker} part {part:#05x}"


def _full(maker: str, name: str) -> str:
    return name if _PLAIN.match(name) else f"{maker} {name}"


_KNOWN = frozenset(
    _full(IMPLEMENTERS[implementer], name) for (implementer, _), name in PARTS.items()
)


def midr(value: int) -> tuple[int, int]:
    """Take implementer and part out of a MIDR_EL1 value (bits 31:24 and 15:4)."""
    return value >> 24 & 0xFF, value >> 4 & 0xFFF
