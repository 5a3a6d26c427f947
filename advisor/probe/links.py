"""Links of devices to their host and to each other, with their nominal rates."""

from advisor.machine import Device, Link

# Bytes a second of one lane in one direction after line coding: 8b/10b until generation 2,
# 128b/130b from 3 on, FLIT mode from 6 (PCI Express Base Specification 6.0).
_LANE = {1: 0.25e9, 2: 0.5e9, 3: 0.985e9, 4: 1.969e9, 5: 3.938e9, 6: 7.563e9}


def host_link(device: Device) -> Link | None:
    """Return the PCIe link that a device has at most; None where it has none of its own."""
    generation, width = device.pcie_generation_max, device.pcie_width_max
    if generation is None or width is None:
        return None
    lane = _LANE.get(generation)
    return Link(
        id=f"link:{device.id}",
        kind="pcie",
        count=width,
        generation=generation,
        bytes_per_second=lane * width if lane else None,
    )


def peer(one: str, other: str) -> str:
    """Name the link between two devices, the lower first."""
    return f"peer:{one}+{other}"
