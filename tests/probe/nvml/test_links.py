"""NVLinks lead to a device or to a switch; PCIe distances have words."""

import pytest

from advisor.machine import Device, Link
from advisor.probe.nvml.links import links
from advisor.probe.nvml.told import Answers

A, B = "0000:01:00.0", "0000:02:00.0"
DEVICES = {
    "0": Device(id="gpu:0", pci_address=A, pcie_generation_max=4, pcie_width_max=16),
    "1": Device(id="gpu:1", pci_address=B),
}
HOST = Link(id="link:gpu:0", kind="pcie", count=16, generation=4, bytes_per_second=1.969e9 * 16)


def lanes(count, to, version):
    told = {f"nvmlDeviceGetNvLinkState({n})": 1 for n in range(count)}
    told |= {f"nvmlDeviceGetNvLinkVersion({n})": version for n in range(count)}
    return told | {f"nvmlDeviceGetNvLinkRemotePciInfo({n})": {"busId": to} for n in range(count)}


def told(values):
    return Answers(ended="done", values=values)


@pytest.mark.parametrize(
    ("values", "link"),
    [
        ({}, None),
        ({"0": lanes(4, "00000000:02:00.0", 5), "1": lanes(4, "00000000:01:00.0", 5)},
         {"kind": "nvlink", "count": 4, "generation": 3, "bytes_per_second": 100e9}),
        # Behind switches every device reaches every other over all its links.
        ({"0": lanes(18, "00000000:C1:00.0", 6), "1": lanes(18, "00000000:C2:00.0", 6)},
         {"kind": "nvlink", "count": 18, "generation": 4, "bytes_per_second": 450e9}),
        ({"0": lanes(2, "00000000:02:00.0", 99), "1": {}}, {"kind": "nvlink", "count": 2}),
        ({"0-1": {"nvmlDeviceGetTopologyCommonAncestor": 30, "nvmlDeviceGetP2PStatus": 1}},
         {"kind": "pcie", "distance": "bridge", "peer_access": False}),
    ],
)  # fmt: skip
def test_links(values, link):
    wanted = (HOST, Link(id="peer:gpu:0+gpu:1", **link)) if link else (HOST,)
    assert links(told(values), DEVICES) == wanted


def test_c2c_stands_for_pcie():
    values = {"1": {"nvmlDeviceGetC2cModeInfoV": {"isC2cEnabled": 1}}}
    assert Link(id="link:gpu:1", kind="c2c") in links(told(values), DEVICES)
