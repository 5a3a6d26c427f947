"""Vector units of core designs: fp32 operations a cycle, a fused multiply-add counted as two.

x86: Agner Fog, "The microarchitecture of Intel, AMD and VIA CPUs" (2024), by family and model
(arch/x86/include/asm/intel-family.h, AMD Processor Programming References); the number of 512-bit
units of Skylake and Cascade Lake servers: ark.intel.com. Arm: each core's Software Optimization
Guide, vector FMLA throughput times width. The table was written from memory of these documents
(2026-11). Nehalem, Sandy Bridge, Haswell and Skylake agree with the public table at
https://stackoverflow.com/questions/15655835 (read 2026-11-29); the other lines are not yet checked.
"""

import re

import msgspec


class Design(msgspec.Struct, frozen=True):
    """fp32 operations a cycle of a core, as a range where the parts of a model differ.

    ``wide`` cores have 512-bit units.
    """

    name: str
    low: float
    high: float
    wide: bool = False
    arm: bool = False


def _same(name: str, rate: float, *, wide: bool = False) -> Design:
    return Design(name, rate, rate, wide=wide)


_INTEL = {
    (26, 30, 31, 46, 37, 44, 47): _same("Nehalem", 8),
    (42, 45, 58, 62): _same("Sandy Bridge", 16),
    (60, 63, 69, 70, 61, 71, 79, 86): _same("Haswell", 32),
    (78, 94, 142, 158, 165, 166): _same("Skylake", 32),
    (85,): Design("Skylake server", 32, 64, wide=True),
    (102, 125, 126, 140, 141, 167): _same("Ice Lake", 32),
    (106, 108): _same("Ice Lake server", 64, wide=True),
    (143, 207, 173, 174): _same("Sapphire Rapids", 64, wide=True),
    (151, 154, 183, 186, 191, 170, 172, 197, 198, 181, 189): _same("Golden Cove", 32),
    (190, 175): _same("Gracemont", 16),
    (87, 133): _same("Knights Landing", 64, wide=True),
}
_GRACEMONT = _same("Gracemont", 16)
_SKYMONT = _same("Skymont", 32)
_SKYMONT_MODELS = (197, 198, 189)  # Arrow Lake and Lunar Lake
_AMX = _same("Sapphire Rapids or later", 64, wide=True)  # every part with AMX has two such units

# Skylake and Cascade Lake: Bronze, Silver and Gold 5xxx have one 512-bit unit, but for the 5122
# and 5222; Gold 6xxx, Platinum, Xeon W and Core X have two.
_ONE_UNIT = re.compile(r"Bronze|Silver|Gold 5(?!122|222)\d{3}")
_TWO_UNITS = re.compile(r"Platinum|Gold 6\d{3}|Gold 5[12]22|W-[23]\d{3}|i9-")


class Signature(msgspec.Struct, frozen=True):
    """What CPUID tells of a processor, as /proc/cpuinfo prints it."""

    vendor: str
    family: int
    model: int
    name: str = ""


def x86(cpu: Signature, *, small: bool = False, amx: bool = False) -> Design | None:
    """Tell the design of an x86 core; ``small`` is an efficiency core of a hybrid."""
    if cpu.vendor == "GenuineIntel" and cpu.family == 6:
        if amx:
            return _AMX  # some hypervisors show an old model number with new instructions
        if small:
            return _SKYMONT if cpu.model in _SKYMONT_MODELS else _GRACEMONT
        design = next((d for models, d in _INTEL.items() if cpu.model in models), None)
        return _units(design, cpu.name) if design and cpu.model == 85 else design
    return _amd(cpu.family, cpu.model) if cpu.vendor in {"AuthenticAMD", "HygonGenuine"} else None


def _units(design: Design, name: str) -> Design:
    if _ONE_UNIT.search(name):
        return msgspec.structs.replace(design, high=32)
    return msgspec.structs.replace(design, low=64) if _TWO_UNITS.search(name) else design


_AMD = {
    16: _same("K10", 8),
    21: _same("Bulldozer module", 16),
    24: _same("Zen", 16),
    25: _same("Zen 3 or 4", 32),
}


def _amd(family: int, model: int) -> Design | None:
    if family == 23:
        return _same("Zen", 16) if model < 0x30 else _same("Zen 2", 32)
    if family == 26:
        # Zen 5 has 512-bit paths, but for the mobile Strix Point and Krackan Point.
        narrow = 0x20 <= model < 0x40 or 0x60 <= model < 0x70
        return _same("Zen 5 mobile", 32) if narrow else _same("Zen 5", 64, wide=True)
    return _AMD.get(family)


_ARM_RATES = {
    8: "Cortex-A53 Cortex-A55 Cortex-A57 Cortex-A72 Cortex-A73",
    16: """Cortex-A76 Cortex-A77 Cortex-A78 Cortex-A78AE Cortex-A78C Cortex-A710 Cortex-A715
        Cortex-A720 Cortex-A725 Neoverse-N1 Neoverse-N2 Neoverse-N3""",
    32: "Cortex-X1 Cortex-X1C Cortex-X2 Cortex-X3 Cortex-X4 Neoverse-V1 Neoverse-V2 Neoverse-V3",
    48: "Cortex-X925",
}
ARM = {
    name: Design(name, rate, rate, arm=True)
    for rate, names in _ARM_RATES.items()
    for name in names.split()
} | {"Fujitsu A64FX": Design("Fujitsu A64FX", 64, 64, arm=True)}
