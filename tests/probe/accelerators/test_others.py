"""Accelerators that are no GPUs are known by identity; displays are none of them."""

import pytest

from advisor.probe.accelerators.others import look
from tests.tools.tree import card, source

KINDS = {"accelerator": "0x120000", "co-processor": "0x0b4000", "peripheral": "0x088000"}


def seen(files, kind="live"):
    return look(source(files, kind=kind), timeout=1.0)


@pytest.mark.parametrize(
    ("ids", "kind", "vendor", "name"),
    [
        ("1da3:1060", "accelerator", "Intel", "Intel Gaudi 3"),
        ("1da3:9999", "accelerator", "Intel", None),
        ("1ae0:0063", "peripheral", "Google", "Google TPU v5e"),
        ("1d0f:7364", "peripheral", "AWS", "AWS Trainium2"),
        ("1e52:401e", "accelerator", "Tenstorrent", "Tenstorrent Wormhole"),
        ("1e60:2864", "peripheral", "Hailo", "Hailo-8"),
        ("1bcf:001c", "co-processor", "NEC", "NEC Vector Engine 1.0"),
        ("8086:7d1d", "accelerator", "Intel", "Intel NPU (Meteor Lake)"),
        ("1022:17f0", "peripheral", "AMD", "AMD XDNA 2 NPU (Strix, Krackan)"),
    ],
)
def test_identity(ids, kind, vendor, name):
    found = seen(card("0000:05:00.0", ids, KINDS[kind], "driver"))
    (device,) = found.devices
    assert (device.id, device.vendor, device.name) == ("npu:0", vendor, name)
    assert (device.pci_id, device.state, device.memory_bytes) == (ids, "present", None)
    assert "npu:0.memory_bytes" in {gap.what for gap in found.gaps}


@pytest.mark.parametrize(
    ("ids", "kind"),
    [
        ("1a03:2000", "0x030000"), ("1af4:1050", "0x030000"), ("102b:0538", "0x030000"),
        ("1b36:0005", "0x120000"), ("10de:1af1", "0x068000"), ("10de:2330", "0x030200"),
        ("1002:74a1", "0x120000"), ("8086:4940", "0x0b4000"), ("1ae0:0042", "0x020000"),
        ("1d0f:ec20", "0x020000"), ("1da3:0001", "0x020000"),
    ],
)  # fmt: skip
def test_what_is_none(ids, kind):
    wanted = 1 if ids == "1da3:0001" else 0  # by name, whatever its class
    assert len(seen(card("0000:05:00.0", ids, kind, "driver")).devices) == wanted


@pytest.mark.parametrize(
    ("ids", "driver", "kind", "state"),
    [
        ("1da3:1020", "habanalabs", "live", "present"), ("1da3:1020", "", "live", "broken"),
        ("1da3:1020", "", "tree", "unknown"), ("1da3:1020", "vfio-pci", "live", "hidden"),
        ("1ae0:005e", "vfio-pci", "live", "present"), ("10ee:5020", "xclmgmt", "live", "unknown"),
    ],
)  # fmt: skip
def test_states(ids, driver, kind, state):
    (device,) = seen(card("0000:05:00.0", ids, "0x120000", driver), kind).devices
    assert device.state == state


def test_an_npu_on_the_chip():
    uevent = "DRIVER=rocket\nOF_COMPATIBLE_0=rockchip,rk3588-rknn-core\n"
    files = {
        "/sys/class/accel/accel0/device/uevent": uevent,
        "/sys/class/accel/accel1/device/uevent": "PCI_ID=8086:7D1D\nDRIVER=intel_vpu\n",
    }
    (device,) = seen(files).devices
    assert (device.vendor, device.name) == ("Rockchip", "rk3588-rknn-core")


def test_no_list_is_not_no_device():
    assert "could not be listed" in seen({"/proc/version": ""}).unseen
