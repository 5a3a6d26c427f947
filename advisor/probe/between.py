"""What lies between two devices on PCIe, by their paths in sysfs or NCCL's topology file."""

from itertools import combinations

from msgspec.structs import replace

from advisor.machine import Device, Link
from advisor.probe import nccl, pci
from advisor.probe.links import peer
from advisor.probe.source import Source


def placed(source: Source, devices: tuple[Device, ...]) -> tuple[Device, ...]:
    """Give devices the NUMA node and link that only a topology file knows."""
    places = nccl.read(source)
    return tuple(_placed(device, places.get(device.pci_address or "")) for device in devices)


def _placed(device: Device, place: nccl.Place | None) -> Device:
    if place is None:
        return device
    return replace(
        device,
        numa_node=device.numa_node if device.numa_node is not None else place.numa_node,
        pcie_generation_max=device.pcie_generation_max or place.speed.generation,
        pcie_width_max=device.pcie_width_max or place.speed.width,
    )


def links(source: Source, devices: tuple[Device, ...], known: tuple[Link, ...]) -> tuple[Link, ...]:
    """Add the distance to each known link between two GPUs, and links that nothing else knows."""
    places = nccl.read(source)
    wholes = [d for d in devices if d.pci_address and "/" not in d.id and d.id.startswith("gpu:")]
    chains = {d.id: _chain(source, d, places) for d in wholes}
    found = {link.id: link for link in known}
    for one, other in combinations(wholes, 2):
        name = peer(one.id, other.id)
        link = found.get(name) or _told(name, one, other, places)
        far = distance(chains[one.id], chains[other.id], (one.numa_node, other.numa_node))
        if link or far:
            link = link or Link(id=name, kind="pcie")
            found[name] = replace(link, distance=link.distance or far)
    return tuple(found.values())


def _told(name: str, one: Device, other: Device, places: dict[str, nccl.Place]) -> Link | None:
    place = places.get(one.pci_address or "")
    ways = [way for way in place.links if way[1] == other.pci_address] if place else []
    return Link(id=name, kind=ways[0][0], count=sum(w[2] for w in ways)) if ways else None


def _chain(source: Source, device: Device, places: dict[str, nccl.Place]) -> tuple[str, ...]:
    """Return what stands above a device, from the host bridge down to its own address."""
    address = device.pci_address or ""
    if place := places.get(address):
        # The file has no host bridges, so that of two top bridges only their NUMA nodes tell.
        return (f"above {[*place.bridges, address][0]}", *place.bridges, address)
    path = source.link(f"{pci.DEVICES}/{address}") or ""
    return tuple(part for part in path.split("/") if part.startswith("pci") or _is(part))


def _is(part: str) -> bool:
    return pci.ADDRESS.fullmatch(part) is not None


def distance(
    one: tuple[str, ...], other: tuple[str, ...], nodes: tuple[int | None, int | None]
) -> str | None:
    """Name what lies between two chains as ``nvidia-smi topo -m`` does, from near to far.

    switch (PIX), switches (PXB), bridge (PHB: through the host bridge), node (NODE: between host
    bridges of a NUMA node), system (SYS: between NUMA nodes); None where it cannot be told.
    """
    if len(one) < 2 or len(other) < 2:
        return None
    common = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    if common == 0:
        if None in nodes:
            return None
        return "node" if nodes[0] == nodes[1] else "system"
    if common == 1:
        return "bridge"
    # Below the bridge that both share, a switch has one port for each, and then the device.
    return "switch" if max(len(one), len(other)) - common <= 2 else "switches"
