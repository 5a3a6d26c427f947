"""NCCL's topology file: what lies between GPUs, network cards and processors.

Clouds ship one with their images, as a virtual machine's own PCI tree tells nothing. NCCL reads
the file that NCCL_TOPO_FILE names, else the second below (NCCL, "Environment Variables").
"""

import re
from xml.etree import ElementTree as ET

import msgspec

from advisor.probe import pci
from advisor.probe.source import Source

VARIABLE = "NCCL_TOPO_FILE"
FILE = "/var/run/nvidia-topologyd/virtualTopology.xml"
_DEPTH = 64
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where a PCI function sits: its NUMA node, the bridges above it, and its own links."""

    address: str
    kind: int
    numa_node: int | None
    bridges: tuple[str, ...]
    speed: pci.Speed
    links: tuple[tuple[str, str, int], ...] = ()  # kind (nvlink, xgmi), other end, count


def read(source: Source) -> dict[str, Place]:
    """Return the places of a topology file by PCI address; none where there is no such file."""
    path = source.process(f"env:{VARIABLE}")
    data = source.read(path if isinstance(path, str) and path.startswith("/") else FILE)
    return places(data) if data else {}


def places(data: bytes) -> dict[str, Place]:
    """Read a topology; a file that is no XML, or that defines entities, tells nothing."""
    if _ENTITY.search(data):
        return {}
    try:
        root = ET.fromstring(data)  # noqa: S314 -- no entities, and the file's size is bounded
    except ET.ParseError:
        return {}
    found: dict[str, Place] = {}
    for cpu in root.iter("cpu"):
        node = cpu.get("numaid", "")
        number = int(node) if node.isdigit() and len(node) < 6 else None
        _below(cpu, number, (), found)
    return found


def _below(
    element: ET.Element, node: int | None, bridges: tuple[str, ...], found: dict[str, Place]
) -> None:
    if len(bridges) > _DEPTH:
        return
    for child in element.findall("pci"):
        address = pci.short(child.get("busid", ""))
        kind = _hex(child.get("class", "")) >> 8
        if kind == pci.BRIDGE:
            _below(child, node, (*bridges, address), found)
        elif pci.ADDRESS.fullmatch(address):
            found[address] = Place(
                address=address,
                kind=kind,
                numa_node=node,
                bridges=bridges,
                speed=_speed(child),
                links=_links(child, address),
            )


def _hex(text: str) -> int:
    return int(text, 16) if re.fullmatch("(?:0x)?[0-9a-fA-F]{1,8}", text) else 0


def _speed(element: ET.Element) -> pci.Speed:
    width = element.get("link_width", "")
    return pci.Speed(
        pci.generation(element.get("link_speed", "")),
        int(width) if width.isdigit() and 0 < int(width[:4]) < 64 else None,
    )


def _links(element: ET.Element, address: str) -> tuple[tuple[str, str, int], ...]:
    """Return the links of the GPU inside a function; NVSwitches make a GPU its own neighbour."""
    found = []
    for kind in ("nvlink", "xgmi"):
        for link in element.iter(kind):
            other, count = pci.short(link.get("target", "")), link.get("count", "")
            if pci.ADDRESS.fullmatch(other) and other != address and count.isdigit():
                found.append((kind, other, int(count[:4])))
    return tuple(found)
