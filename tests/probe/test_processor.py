"""Cores and sockets are counted as the kernel tells them, but clusters are no sockets."""

import pytest

from advisor.probe.processor import look
from tests.forest import cpus, grow

CORE = "processor: {}\nFeatures: asimd\nCPU implementer: 0x41\nCPU part: {}\n\n"
BIG_LITTLE = CORE.format(0, "0xd0b") + CORE.format(1, "0xd05")
TWINS = CORE.format(0, "0xd0c") + CORE.format(1, "0xd0c")
TWO = cpus({0: "0", 1: "1"}, {1: 1}, online="0-1")
NODES = {f"/sys/devices/system/node/node{n}/cpulist": str(n) for n in (0, 1)}


@pytest.mark.parametrize(
    ("files", "sockets"),
    [
        ({**TWO, "/proc/cpuinfo": "processor: 0\nvendor_id: x\nflags: fpu lm"}, 2),
        ({**TWO, "/proc/cpuinfo": BIG_LITTLE}, 1),
        ({**TWO, "/proc/cpuinfo": TWINS}, None),
        ({**TWO, "/proc/cpuinfo": TWINS, "/proc/device-tree/model": "board"}, 1),
        ({**TWO, "/proc/cpuinfo": TWINS, **NODES}, 2),
        ({**TWO, "/proc/cpuinfo": TWINS, "/sys/firmware/acpi/tables/PPTT": ""}, 2),
        ({**cpus({0: "0", 1: "1"}, {0: -1, 1: -1}), "/proc/cpuinfo": TWINS}, None),
        ({"/proc/cpuinfo": CORE.format(0, "0xd0c")}, 1),
    ],
)
def test_sockets(files, sockets):
    seen = look(grow(files))
    assert seen.cpu.sockets == sockets
    assert ("cpu.sockets" in {gap.what for gap in seen.gaps}) == (sockets is None)


def test_cores_of_a_design_without_threads():
    assert look(grow({"/proc/cpuinfo": BIG_LITTLE})).cpu.cores == 2
    unknown = BIG_LITTLE.replace("0xd05", "0xfff")
    assert look(grow({"/proc/cpuinfo": unknown})).cpu.cores is None


def test_nothing_is_known_of_an_empty_tree():
    seen = look(grow())
    told = {gap.what.removeprefix("cpu.") for gap in seen.gaps}
    fields = {
        "vendor", "model", "architecture", "sockets", "cores", "threads_online", "threads_present",
        "numa_nodes", "l3_bytes", "isa", "hypervisor",
    }  # fmt: skip
    assert fields <= told
    assert all(getattr(seen.cpu, field) is None for field in fields)
    assert all(gap.why for gap in seen.gaps)


@pytest.mark.parametrize(
    ("text", "name", "gap"),
    [
        ("flags: fpu lm", None, False),  # known to be none
        ("flags: fpu lm hypervisor", "unknown hypervisor", False),
        ("CPU part: 0xd0c", None, True),
    ],
)
def test_no_hypervisor_is_not_an_unknown_one(text, name, gap):
    seen = look(grow({"/proc/cpuinfo": f"processor: 0\nvendor_id: x\n{text}"}))
    assert seen.cpu.hypervisor == name
    assert ("cpu.hypervisor" in {g.what for g in seen.gaps}) is gap
