"""A card's files in sysfs become facts in base units."""

import pytest

from advisor.machine import Device
from advisor.probe import pci
from advisor.probe.amdgpu import facts, name
from tests.tools.tree import card, source

IDS = "# List\n1.0.0\n744C,\tC8,\tAMD Radeon RX 7900 XTX\n1586,\tC1,\tAMD Radeon 8060S\n"
LIBDRM = {"/usr/share/libdrm/amdgpu.ids": IDS}


def read(ids="1002:744c", libdrm=True, **files):
    here = source(card("0000:03:00.0", ids, **files) | (LIBDRM if libdrm else {}))
    (found,) = pci.functions(here)
    return here, found


@pytest.mark.parametrize(
    ("files", "libdrm", "wanted"),
    [
        ({"revision": "0xc8\n"}, True, "AMD Radeon RX 7900 XTX"),
        ({"revision": "0xcc\n"}, True, None),
        ({"revision": "0xcc\n", "product_name": "Instinct MI300X\n"}, True, "Instinct MI300X"),
        ({"product_name": "\n"}, False, None),
    ],
)  # fmt: skip
def test_name(files, libdrm, wanted):
    assert name(*read(libdrm=libdrm, **files)) == wanted


SENSORS = {"hwmon/hwmon4/power1_cap": "339000000\n", "hwmon/hwmon4/temp1_input": "41000\n"}


@pytest.mark.parametrize(
    ("files", "field", "wanted"),
    [
        ({"mem_info_vram_total": "100\n", "mem_info_vram_used": "30\n"}, "memory_free_bytes", 70),
        ({"mem_info_vram_total": "100\n"}, "memory_bytes", 100),
        ({"mem_info_vram_total": "0\n"}, "memory_bytes", 7),
        ({}, "memory_free_bytes", None),
        ({"gpu_busy_percent": "4\n"}, "utilization", 0.04),
        ({"unique_id": "0123456789abcdef\n"}, "uuid", "0123456789abcdef"),
        (SENSORS, "power_limit_watts", 339.0),
        (SENSORS, "temperature_celsius", 41.0),
        (SENSORS, "power_default_watts", None),
        ({"ras/umc_err_count": "ue: 2\nce: 9\n", "ras/gfx_err_count": "ue: 1\nce: 0\n"},
         "ecc_uncorrected", 3),
        ({"ras/gpu_vram_bad_pages": "0x1 : 0x2 : R\n"}, "pages_retired", 1),
    ],
)  # fmt: skip
def test_facts(files, field, wanted):
    here, found = read(**files)
    device = facts(here, found, Device(id="gpu:0", memory_bytes=7))
    assert getattr(device, field) == pytest.approx(wanted)


def test_a_chip_with_a_carve_out_has_it_and_what_it_may_borrow():
    files = {"mem_info_vram_total": "1000\n", "mem_info_vram_used": "10\n",
             "mem_info_gtt_total": "500\n", "mem_info_gtt_used": "20\n"}  # fmt: skip
    device = facts(*read("1002:1586", **files), Device(id="gpu:0"))
    assert (device.unified_memory, device.memory_bytes) == (True, 1500)
    assert device.memory_free_bytes == 1470
