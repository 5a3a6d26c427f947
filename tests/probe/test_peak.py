"""Peak is cores x operations x clock, at the base clock and, where known, at all cores' clock."""

import pytest

from advisor.machine import CoreType
from advisor.probe.cpuinfo import read
from advisor.probe.peak import look

XEON = "processor: 0\nvendor_id: GenuineIntel\ncpu family: 6\nmodel: {}\nmodel name: {}\n"
GOLD = read(XEON.format(85, "Intel(R) Xeon(R) Gold 6230 CPU @ 2.10GHz"))
HYBRID = read(XEON.format(151, "12th Gen Intel(R) Core(TM) i9-12900K"))
SAPPHIRE = read(XEON.format(143, "Intel(R) Xeon(R) Platinum 8480+"))
TWO = (CoreType("uniform", (0, 1), 2),)


def rates(peaks):
    return {p.dtype: (p.low, p.high) for p in peaks or ()}


@pytest.mark.parametrize(
    ("info", "kinds", "base", "most", "isa", "expected"),
    [
        (GOLD, TWO, {0: 2e9, 1: 2e9}, {0: 4e9}, ("avx512_vnni",),
         {"fp32": (256e9, None), "fp64": (128e9, None), "int8": (1024e9, None)}),
        (SAPPHIRE, TWO, {0: 2e9}, {}, ("amx_tile", "amx_bf16", "amx_int8", "avx512_fp16"),
         {"fp32": (256e9, None), "fp64": (128e9, None), "fp16": (512e9, None),
          "bf16": (4096e9, None), "int8": (8192e9, None)}),
        (HYBRID, (CoreType("performance", (0, 1), 1), CoreType("efficiency", (2,), 1)),
         {0: 3e9, 2: 2e9}, {}, (), {"fp32": (32 * 3e9 + 16 * 2e9, None), "fp64": (64e9, None)}),
        # Arm has no turbo: its clock is that of all cores.
        (read(""), (CoreType("Neoverse-N1", (0,), 1),), {}, {0: 3e9}, ("dotprod",),
         {"fp32": (None, 48e9), "fp64": (None, 24e9), "int8": (None, 192e9)}),
        (GOLD, TWO, {}, {0: 4e9}, (), {}),
        (GOLD, None, {0: 2e9}, {}, (), {}),
        (read(""), (CoreType("Cortex-X3", (0,), 1), CoreType("Arm part 0xfff", (1,), 1)), {},
         {0: 3e9, 1: 2e9}, (), {}),
    ],
)  # fmt: skip
def test_peak(info, kinds, base, most, isa, expected):
    assert rates(look(info, kinds, base, most, isa)) == expected


def test_a_range_of_units_is_a_range():
    info = read(XEON.format(85, "Intel Xeon Processor (Skylake, IBRS)"))
    (fp32, _) = look(info, TWO, {0: 2e9}, {}, ())
    assert fp32.low == pytest.approx(128e9)
    assert fp32.formula == "2 cores x 32 to 64 a cycle x 2 GHz"
