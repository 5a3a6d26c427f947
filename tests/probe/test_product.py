"""A machine is named by firmware or device tree, but not by what makers leave blank."""

import pytest

from advisor.probe.cpuinfo import read
from advisor.probe.product import look
from tests.forest import grow

DMI = "/sys/class/dmi/id"


@pytest.mark.parametrize(
    ("files", "text", "name"),
    [
        (
            {f"{DMI}/sys_vendor": "NVIDIA", f"{DMI}/product_name": "DGX Spark"},
            "",
            "NVIDIA DGX Spark",
        ),
        ({f"{DMI}/product_name": "Default string", f"{DMI}/board_name": "X570D4U"}, "", "X570D4U"),
        ({"/proc/device-tree/model": b"Raspberry Pi 5\0"}, "", "Raspberry Pi 5"),
        ({}, "processor: 0\n\nHardware: BCM2708", "BCM2708"),
        ({}, "processor: 0\n\nModel: Raspberry Pi 4", "Raspberry Pi 4"),
        ({}, "processor: 0\nmodel: 85", None),
    ],
)
def test_product(files, text, name):
    assert look(grow(files), read(text)) == name
