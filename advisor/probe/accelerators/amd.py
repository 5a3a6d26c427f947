"""AMD: cards by PCI, what may compute by the kernel's KFD, partitions grouped into their card."""

import re
from itertools import combinations

from msgspec.structs import replace

from advisor.machine import Device, Gap, Limit, Link, Software, State
from advisor.probe import amdgpu, dies, gaps, kfd, pci, rocm_smi
from advisor.probe.accelerators import Seen
from advisor.probe.ledger import ledger
from advisor.probe.links import host_link, peer
from advisor.probe.source import Source
from advisor.probe.unified import shared
from advisor.probe.visible import Card, rocm

VENDOR = 0x1002
NODE = "/dev/kfd"
_VARIABLES = ("ROCR_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "CUDA_VISIBLE_DEVICES")
_FOREIGN = {
    "vfio-pci": (State.HIDDEN, "it is set aside for a virtual machine (vfio-pci)", "use it there"),
    "radeon": (
        State.BROKEN,
        "the old radeon driver has it, which cannot compute",
        "boot with amdgpu.si_support=1 amdgpu.cik_support=1, and both radeon's at 0",
    ),
}
_NO_DRIVER = (State.BROKEN, "no driver is bound to it", "load it: sudo modprobe amdgpu")
_CAPTURED = (State.UNKNOWN, "the capture does not show its driver", "probe the machine itself")
_UNLISTED = (
    State.BROKEN,
    "the compute driver (KFD) does not list it",
    "read dmesg for kfd lines: the chip may be unsupported, or PCIe atomics missing",
)
_ROCM = ("/opt/rocm/.info/version", "/opt/rocm/.info/version-dev")


def look(source: Source, *, timeout: float) -> Seen:  # noqa: ARG001 -- files answer at once
    """See AMD's devices; KFD alone will do where PCI is not shown, and the reverse."""
    functions = pci.functions(source)
    nodes = kfd.nodes(source)
    cards = _cards(functions, nodes)
    if not cards:
        told = tuple(rocm_smi.devices(source))
        missing = tuple(gap for device in told for gap in _gaps(device))
        return Seen(devices=told, gaps=missing, software=_software(source))
    devices: list[Device] = []
    owners: dict[int, str] = {}
    for number, board in enumerate(dies.boards(source, cards, nodes or ())):
        own = {card.address: _own(card, nodes or ()) for card in board}
        found = [_stated(source, card, own[card.address], nodes) for card in board]
        one = replace(found[0], id=f"gpu:{number}")
        devices += (
            dies.joined(number, found)
            if len(board) > 1
            else _parts(one, own[one.pci_address or ""])
        )
        owners |= {node.number: f"gpu:{number}" for part in own.values() for node in part}
    devices, lines = _hidden(source, devices, owners, nodes or ())
    return Seen(
        devices=tuple(devices),
        links=_links(source, devices, nodes or (), owners),
        capacity={d.id: ledger(d, "amdgpu", lines.get(d.id, ())) for d in devices},
        gaps=tuple(gap for device in devices for gap in _gaps(device)),
        software=_software(source),
    )


def _cards(
    functions: tuple[pci.Function, ...] | None, nodes: tuple[kfd.Node, ...] | None
) -> list[pci.Function]:
    """Return the graphics and compute cards in PCI order; KFD names those that PCI does not."""
    kinds = (pci.DISPLAY, pci.ACCELERATOR)
    found = {f.address: f for f in functions or () if f.vendor == VENDOR and f.kind >> 8 in kinds}
    for node in nodes or ():
        first = f"{node.card}.0"
        if node.vendor == VENDOR and first not in found and node.address not in found:
            found[first] = pci.Function(first, pci.DISPLAY << 8, VENDOR, node.device, "amdgpu")
    return [found[address] for address in sorted(found)]


def _own(card: pci.Function, nodes: tuple[kfd.Node, ...]) -> list[kfd.Node]:
    return [node for node in nodes if node.card == card.address.rpartition(".")[0]]


def _stated(
    source: Source, card: pci.Function, own: list[kfd.Node], nodes: tuple[kfd.Node, ...] | None
) -> Device:
    """Return a card with its state; where KFD shows no topology it may not tell of any."""
    state, why, remedy = _state(source, card, listed=None if nodes is None else bool(own))
    return replace(_device(source, card, own), state=state, why=why, remedy=remedy)


def _device(source: Source, card: pci.Function, own: list[kfd.Node]) -> Device:
    lanes = pci.lanes(source, card) if card.place else pci.Lanes()
    sizes = {node.address: node.memory_bytes for node in own}
    first = own[0] if own else None
    units = {node.address: node.compute_units for node in own}
    known = [size for size in sizes.values() if size]
    device = Device(
        id=card.address,
        vendor="AMD",
        pci_address=card.address,
        pci_id=card.id,
        kernel_driver=card.driver,
        numa_node=pci.numa_node(source, card) if card.place else None,
        memory_bytes=sum(known) if known and len(known) == len(sizes) else None,
        uuid=f"{first.unique:016x}" if first and first.unique else None,
        architecture=first.architecture if first else None,
        compute_units=sum(n for n in units.values() if n) or None,
        memory_clock_hz=first.memory_clock_hz if first else None,
        memory_bus_bits=first.memory_bus_bits if first else None,
        clock_max_hz=first.clock_max_hz if first else None,
        unified_memory=True if first and first.integrated else None,
    )
    device = pci.linked(device, lanes)
    device = amdgpu.facts(source, card, device) if card.place else device
    return shared(source, device) if card.device == amdgpu.MI300A else device


def _state(
    source: Source, card: pci.Function, *, listed: bool | None
) -> tuple[State, str | None, str | None]:
    """Return state, reason and remedy; ``listed`` says whether KFD has it, None that none can."""
    if card.driver in _FOREIGN:
        return _FOREIGN[card.driver]
    if card.driver != "amdgpu":
        return _NO_DRIVER if source.live else _CAPTURED
    if source.live and not source.exists(NODE):
        return State.HIDDEN, f"this process has no {NODE}", f"give the container {NODE}, /dev/dri"
    if listed is None:
        return State.UNKNOWN, f"no compute topology to read ({kfd.NODES})", "install ROCm's driver"
    return (State.PRESENT, None, None) if listed else _UNLISTED


def _parts(card: Device, own: list[kfd.Node]) -> list[Device]:
    """Return the card, and its partitions where it is cut: then it cannot be used as a whole."""
    functions = {node.address: node for node in own}
    if len(functions) < 2:
        return [card]
    parts = [
        replace(
            card,
            id=f"{card.id}/part:{index}",
            pci_address=node.address,
            compute_units=node.compute_units,
            memory_bytes=node.memory_bytes,
            memory_free_bytes=None,
        )
        for index, node in enumerate(functions.values())
    ]
    if card.state is not State.PRESENT:
        return [card, *parts]
    why = f"it is cut into {len(parts)} partitions, which are used one by one"
    remedy = "use a partition, or join them: sudo amd-smi set -C SPX"
    return [replace(card, state=State.HIDDEN, why=why, remedy=remedy), *parts]


def _hidden(
    source: Source, devices: list[Device], owners: dict[int, str], nodes: tuple[kfd.Node, ...]
) -> tuple[list[Device], dict[str, list[Limit]]]:
    """Apply the variables, which count KFD's nodes in its order."""
    values = {name: source.process(f"env:{name}") for name in _VARIABLES}
    said = {name: value for name, value in values.items() if isinstance(value, str)}
    if not said:
        return devices, {}
    by_address = {d.pci_address: d for d in devices if "/" in d.id or _alone(devices, d)}
    order = [by_address[n.address] for n in nodes if n.address in by_address and n.number in owners]
    cards = tuple(Card(d.id, f"GPU-{d.uuid}" if d.uuid else None) for d in order)
    hip = said.get("HIP_VISIBLE_DEVICES", said.get("CUDA_VISIBLE_DEVICES"))
    shown = set(rocm(said.get("ROCR_VISIBLE_DEVICES"), hip, cards).ids)
    text = " ".join(f"{name}={value}" for name, value in said.items())
    lines = {
        d.id: [Limit(next(iter(said)), d.memory_bytes if d.id in shown else 0, text)] for d in order
    }
    return [_without(d, text) if d.id in lines and d.id not in shown else d for d in devices], lines


def _alone(devices: list[Device], device: Device) -> bool:
    return not any(other.id.startswith(f"{device.id}/") for other in devices)


def _without(device: Device, text: str) -> Device:
    if device.state is not State.PRESENT:
        return device
    return replace(device, state=State.HIDDEN, why=f"{text} leaves it out", remedy="name it there")


def _links(
    source: Source, devices: list[Device], nodes: tuple[kfd.Node, ...], owners: dict[int, str]
) -> tuple[Link, ...]:
    wholes = [device for device in devices if "/" not in device.id]
    # Partitions of one card share its links; the dies of a board have links of their own.
    firsts = {n.card: n for n in reversed(nodes) if n.number in owners}
    ways: dict[tuple[str, str], float | None] = {}
    for node in firsts.values():
        name, seen = owners[node.number], set[str]()
        for link in kfd.xgmi(source, node):
            other, card = owners.get(link.other), _card_of(nodes, link.other)
            if other and other != name and card not in seen:
                seen.add(card)
                ways[name, other] = _more(ways.get((name, other), 0.0), link.bytes_per_second)
    found = [host_link(device) for device in wholes]
    for one, other in combinations([device.id for device in wholes], 2):
        if (one, other) in ways:
            rate = ways[one, other]
            found.append(Link(id=peer(one, other), kind="xgmi", bytes_per_second=rate))
    return tuple(link for link in found if link)


def _card_of(nodes: tuple[kfd.Node, ...], number: int) -> str:
    return next((node.card for node in nodes if node.number == number), "")


def _more(one: float | None, other: float | None) -> float | None:
    return None if one is None or other is None else one + other


def _gaps(device: Device) -> list[Gap]:
    trouble = device.why if device.state is not State.HIDDEN else None
    why = trouble or "the amdgpu driver does not tell it"
    remedy = "probe the machine itself, with its driver running"
    return gaps.gaps(device, gaps.COMMON, why, remedy)


def _software(source: Source) -> Software:
    """Return the versions of ROCm, and of a driver that is not the kernel's own."""
    text = next((t for path in _ROCM if (t := source.text(path))), "")
    match = re.match(r"\d+(?:\.\d+){1,2}", text)
    driver = source.text("/sys/module/amdgpu/version")
    return Software(rocm=match[0] if match else None, driver=driver or None)
