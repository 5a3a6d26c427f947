"""A device's link to its host has a nominal rate."""

import pytest

from advisor.machine import Device
from advisor.probe.links import host_link, peer


@pytest.mark.parametrize(
    ("generation", "width", "rate"), [(4, 16, 31.5e9), (3, 8, 7.88e9), (1, 1, 0.25e9), (9, 4, None)]
)
def test_host_link(generation, width, rate):
    link = host_link(Device(id="gpu:0", pcie_generation_max=generation, pcie_width_max=width))
    assert (link.id, link.kind, link.count) == ("link:gpu:0", "pcie", width)
    assert link.bytes_per_second == (pytest.approx(rate, rel=0.01) if rate else None)


def test_no_link_is_told_of_what_is_unknown():
    assert host_link(Device(id="gpu:0", pcie_generation_max=4)) is None


def test_peer():
    assert peer("gpu:0", "gpu:1") == "peer:gpu:0+gpu:1"
