"""Every unknown field has a gap; a field that cannot exist has none."""

import pytest

from advisor.machine import Device
from advisor.probe.gaps import COMMON, ESSENTIAL, NVIDIA, gaps


@pytest.mark.parametrize("fields", [ESSENTIAL, COMMON, NVIDIA])
def test_the_fields_are_devices_fields(fields):
    assert len(gaps(Device(id="gpu:0"), fields, "why", "remedy")) == len(fields)


def test_known_and_impossible_fields_have_none():
    device = Device(id="gpu:0", name="x", unified_memory=True)
    assert [gap.what for gap in gaps(device, ("name", "utilization", "pcie_width"), "w", "r")] == [
        "gpu:0.utilization"
    ]
