"""PCI functions are listed with their class, ids and driver; a card's link ends at its slot."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.machine import Device
from advisor.probe.doors.tree import Tree
from advisor.probe.pci import (
    Function,
    Lanes,
    Speed,
    functions,
    lanes,
    linked,
    listed,
    numa_node,
    short,
)
from advisor.probe.source import Source
from tests.tools.tree import card, data, source, unpacked

ROOT = "/sys/devices/pci0000:00"


def chain(*functions):
    """Return files and links of functions one behind the other: (address, ids, now, most)."""
    files, links, place = {}, {}, ROOT
    for address, ids, now, most in functions:
        more = {}
        for which, (speed, width) in (("current", now), ("max", most)):
            more[f"{which}_link_speed"] = f"{speed} GT/s PCIe\n"
            more[f"{which}_link_width"] = f"{width}\n"
        files |= card(address, ids, at=place, **more)
        place = f"{place}/{address}"
        links[f"/sys/bus/pci/devices/{address}"] = place
    return files, links


PORT = ("0000:00:01.0", "8086:460d", (8.0, 8), (16.0, 8))


@pytest.mark.parametrize(
    ("chained", "now", "device", "slot", "most"),
    [
        # An x16 card in an x8 slot, slowed down at idle.
        ([PORT, ("0000:01:00.0", "10de:2684", ("2.5", 8), (16.0, 16))],
         Speed(1, 8), Speed(4, 16), Speed(4, 8), Speed(4, 8)),
        # AMD: the GPU hides behind the card's own bridge, which is x16 inside.
        ([PORT, ("0000:01:00.0", "1002:1478", (8.0, 8), (16.0, 16)),
          ("0000:02:00.0", "1002:1479", (16.0, 16), (16.0, 16)),
          ("0000:03:00.0", "1002:73bf", (16.0, 16), (16.0, 16))],
         Speed(3, 8), Speed(4, 16), Speed(4, 8), Speed(4, 8)),
        # Intel Arc says 2.5 GT/s x1 of itself; the root port is Intel's too but no part of it.
        ([PORT, ("0000:01:00.0", "8086:4fa1", (16.0, 8), (16.0, 8)),
          ("0000:02:01.0", "8086:4fa4", ("2.5", 1), ("2.5", 1)),
          ("0000:03:00.0", "8086:56a0", ("2.5", 1), ("2.5", 1))],
         Speed(4, 8), Speed(4, 8), Speed(4, 8), Speed(4, 8)),
        # A hypervisor's root port tells nothing about the slot.
        ([("0000:00:02.0", "1b36:000c", ("2.5", 1), ("2.5", 1)),
          ("0000:06:00.0", "10de:15f8", (8.0, 16), (8.0, 16))],
         Speed(3, 16), Speed(3, 16), Speed(), Speed(3, 16)),
        ([("0000:00:02.0", "8086:9a49", ("Unknown", 0), ("Unknown", 255))],
         Speed(), Speed(), Speed(), Speed()),
    ],
)  # fmt: skip
def test_lanes(chained, now, device, slot, most):
    files, links = chain(*chained)
    here = source(files, links=links)
    last = functions(here)[-1]
    found = lanes(here, last)
    assert (found.now, found.device, found.slot, found.most) == (now, device, slot, most)


def test_functions():
    files = card("10000:e1:00.0", "10de:20b2", "0x030200", "nvidia", numa_node="-1\n")
    files |= {"/sys/bus/pci/devices/0000:00:02.0/class": "0x030000\n"}
    files |= {"/sys/bus/pci/devices/0000:01:00.0/uevent":
              "DRIVER=amdgpu\nPCI_CLASS=120000\nPCI_ID=1002:74A1\nnonsense\n"}  # fmt: skip
    here = source(files)
    bare, uevent, far = functions(here)
    assert (far.address, far.id) == ("10000:e1:00.0", "10de:20b2")
    assert (far.kind, far.driver) == (0x0302, "nvidia")
    assert (bare.id, bare.kind, bare.driver) == (None, 0x0300, None)
    assert (uevent.id, uevent.kind, uevent.driver) == ("1002:74a1", 0x1200, "amdgpu")
    assert numa_node(here, far) is None


@pytest.mark.parametrize(
    ("files", "kind", "found"),
    [
        ({"/proc/version": "Linux"}, "tree", None),
        ({"/proc/version": "Linux"}, "live", None),
        ({"/sys/bus/cpu/uevent": ""}, "tree", None),
        ({"/sys/bus/cpu/uevent": ""}, "live", ()),  # a board without PCI
    ],
)
def test_no_folder_is_not_no_devices(files, kind, found):
    assert functions(source(files, kind=kind)) == found


def test_lspci_stands_in_for_sysfs():
    text = (
        "0001:00:00.0 3D controller [0302]: NVIDIA Corporation GA100 [A100] [10de:20b2] (rev a1)\n"
    )
    here = source({}, programs={("lspci", "-Dnn"): text})
    assert functions(here) == (Function("0001:00:00.0", 0x0302, 0x10DE, 0x20B2),)


def test_listed_without_domains():
    assert listed("06:00.0 VGA compatible controller [0300]: Red Hat, Inc. [1af4:1050]") == (
        Function("0000:06:00.0", 0x0300, 0x1AF4, 0x1050),
    )


def test_a_captured_lspci():
    found = listed((data() / "lspci/gpud-a100.lspci-nn.txt").read_text())
    assert sum(f.kind == 0x0302 and f.vendor == 0x10DE for f in found) == 8
    assert sum(f.id == "10de:1af1" for f in found) == 6  # NVSwitches


def test_a_captured_tree(tmp_path):
    here = Source(Tree(unpacked("ghw/linux-amd64-accel-nvidia.tar.gz", tmp_path)))
    shown = [f for f in functions(here) if f.kind >> 8 == 3]
    assert [(f.address, f.id) for f in shown] == [
        ("0000:04:00.0", "1af4:1050"),
        ("0000:06:00.0", "10de:15f8"),
    ]


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("00000000:DD:00.0", "0000:dd:00.0"),
        ("0000000F:01:00.0", "000f:01:00.0"),
        ("00010000:E1:00.0", "10000:e1:00.0"),
        ("0000:01:00.0", "0000:01:00.0"),
        ("nonsense", "nonsense"),
    ],
)
def test_short(address, written):
    assert short(address) == written


@given(st.text())
def test_no_listing_breaks_it(text):
    assert all(0 <= f.kind <= 0xFFFF for f in listed(text))


def test_lanes_are_fields_of_a_device():
    lanes = Lanes(now=Speed(1, 8), device=Speed(4, 16), slot=Speed(5, 8))
    assert linked(Device(id="gpu:0"), lanes) == Device(
        id="gpu:0", pcie_generation=1, pcie_width=8, pcie_generation_max=4, pcie_width_max=8,
        pcie_generation_device=4, pcie_width_device=16, pcie_generation_slot=5, pcie_width_slot=8,
    )  # fmt: skip
