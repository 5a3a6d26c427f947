"""Every architecture says its name in its own way, or not at all."""

import pytest

from advisor.probe.cpuinfo import read
from advisor.probe.naming import look
from tests.forest import CPU, grow

ARM = "processor: {}\nFeatures: fp asimd\nCPU implementer: {}\nCPU part: {}\n\n"
OLD = """processor: 0
model name: ARMv7 Processor rev 4 (v7l)
Features: half neon
CPU implementer: 0x41
CPU part: 0xc07
"""
PIXEL = ARM.format(0, "0x41", "0xd4e") + ARM.format(1, "0x41", "0xd46")


@pytest.mark.parametrize(
    ("text", "vendor", "model", "architecture"),
    [
        ("processor: 0\nvendor_id: AuthenticAMD\nmodel name:  EPYC  7R13\nflags: fpu lm",
         "AuthenticAMD", "EPYC 7R13", "x86_64"),
        ("processor: 0\nvendor_id: GenuineIntel\nmodel name: unknown\nflags: fpu",
         "GenuineIntel", None, "i686"),
        (PIXEL, "Arm", "Cortex-A510 + Cortex-X3", "aarch64"),
        (ARM.format(0, "0x48", "0xd01"), "HiSilicon", "HiSilicon TaiShan-v110", "aarch64"),
        (OLD, "Arm", "Cortex-A7", "arm"),
        ("processor: 0\nProcessor: AArch64 Processor rev 4\nCPU implementer: 0x41\nCPU part: 0xd03",
         "Arm", "Cortex-A53", "aarch64"),
        ("processor: 0\nisa: rv64imafdc\nuarch: sifive,u74-mc\nmvendorid: 0x489",
         "SiFive", "sifive,u74-mc", "riscv64"),
        ("processor: 0\ncpu: POWER9, altivec", "IBM", "POWER9, altivec", "ppc64"),
        ("vendor_id: IBM/S390\nfeatures: esan3 zarch\nprocessor 0: machine = 2817",
         "IBM", None, "s390x"),
        ("processor: 0\nModel Name: Loongson-3A5000\nISA: loongarch32 loongarch64",
         None, "Loongson-3A5000", "loongarch64"),
        ("cpu: TI UltraSparc II\ntype: sun4u", None, "TI UltraSparc II", "sparc64"),
        ("processor: 0\nvendor: GenuineIntel\narch: IA-64\nmodel: 1", "GenuineIntel", None, "ia64"),
        ("processor: 0\nuarch: thead,c906\nisa: rv64imafdc", "T-Head", "thead,c906", "riscv64"),
        ("processor: 0\ncpu model: MIPS P5600 V3.0", None, "MIPS P5600 V3.0", "mips"),
        ("", None, None, None),
    ],
)  # fmt: skip
def test_names(text, vendor, model, architecture):
    name = look(grow(), read(text), frozenset({0, 1}))
    assert (name.vendor, name.model, name.architecture) == (vendor, model, architecture)
    assert bool(name.why) == (model is None)


def test_designs_of_each_cpu():
    assert look(grow(), read(PIXEL), frozenset({0, 1})).cores == {0: "Cortex-X3", 1: "Cortex-A510"}


def test_old_arm_texts_tell_of_one_core():
    text = "processor: 0\nprocessor: 1\nCPU implementer: 0x41\nCPU part: 0xd03\n"
    name = look(grow(), read(text), frozenset({0, 1}))
    assert (name.model, name.cores) == ("Cortex-A53", {})
    assert "one core only" in name.why


def test_registers_where_the_text_is_missing():
    place = f"{CPU}/cpu0/regs/identification/midr_el1"
    name = look(grow({place: "0x00000000413fd0c1\n"}), read(""), frozenset({0}))
    assert (name.model, name.architecture) == ("Neoverse-N1", "aarch64")


@pytest.mark.parametrize("path", ["/proc/sys/kernel/arch", f"{CPU}/modalias"])
def test_architecture_from_the_kernel(path):
    files = {"/proc/sys/kernel/arch": "x86_64", f"{CPU}/modalias": "cpu:type:x86,ven0000fam0006"}
    assert look(grow({path: files[path]}), read(""), frozenset()).architecture == "x86_64"
