"""/proc/cpuinfo of every architecture: blocks, lines for all, and lines of nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.cpuinfo import look, read
from tests.forest import grow

X86 = "processor\t: 0\nmodel name\t: Xeon\ncore id\t\t: 0\n\nprocessor\t: 1\nmodel name\t: Xeon\n\n"
LOONGSON = "system type\t: generic\n\nprocessor\t: 0\nModel Name\t: 3A5000\nCPU Family\t: L64\n"
OLD_ARM = """Processor\t: AArch64 Processor rev 2 (aarch64)
processor\t: 0
processor\t: 1
Features\t: fp asimd
CPU part\t: 0xd03

Hardware\t: Exynos
"""
S390 = """vendor_id       : IBM/S390
# processors    : 2
processor 1: version = 00,  identification = 1,  machine = 2817
processor 2: version = 00,  identification = 1,  machine = 2817
"""
OLD_RISCV = "hart\t: 1\nuarch\t: sifive,rocket0\n\nhart\t: 2\nuarch\t: sifive,rocket0\n"
ONE_ARM = "Processor\t: ARMv7 Processor rev 2 (v7l)\nCPU implementer\t: 0x41\nCPU part\t: 0xc08\n"


@pytest.mark.parametrize(
    ("text", "cpus", "key", "value"),
    [
        (X86, {0, 1}, "model name", "Xeon"),
        (X86, {0, 1}, "core id", "0"),
        (LOONGSON, {0}, "model name", "3A5000"),
        (LOONGSON, {0}, "system type", "generic"),
        (OLD_ARM, {0, 1}, "cpu part", "0xd03"),
        (OLD_ARM, {0, 1}, "hardware", "Exynos"),
        (OLD_ARM, {0, 1}, "processor name", "AArch64 Processor rev 2 (aarch64)"),
        (S390, {1, 2}, "vendor id", "IBM/S390"),
        (S390, {1, 2}, "# processors", "2"),
        (OLD_RISCV, {1, 2}, "uarch", "sifive,rocket0"),
        (ONE_ARM, {0}, "cpu part", "0xc08"),
        ("", set(), "model name", None),
    ],
)
def test_read(text, cpus, key, value):
    info = read(text)
    assert set(info.cpus) == cpus
    assert info.any(key) == value


def test_old_arm_lines_belong_to_no_cpu():
    info = read(OLD_ARM)
    assert info.each("cpu part") == {}
    assert info.machine["cpu part"] == "0xd03"


def test_each():
    assert read(X86).each("core id") == {0: "0"}


@given(
    st.sampled_from(["model name", "Model Name", "MODEL_NAME", "model  name\t"]), st.text("ab \t")
)
def test_keys_of_any_case(key, value):
    wanted = " ".join(value.split()) or None
    assert read(f"processor : 0\n{key}: {value}\n").any("model name") == wanted


@given(st.text())
def test_no_text_breaks_it(text):
    read(text)


def test_without_the_file():
    assert look(grow()).cpus == {}
