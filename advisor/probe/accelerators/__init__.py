"""Accelerators, a vendor a file: a module with ``look(source, timeout=…)`` that returns `Seen`."""

import sys
from typing import Any, Protocol

import msgspec

from advisor.machine import Device, Gap, Limit, Link, Software
from advisor.plugins import modules
from advisor.probe.source import Source


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What one vendor's module saw.

    Devices are named ``gpu:0``, ``npu:0``, …, slices ``gpu:0/mig:1``, as if there were no other
    vendor; ``capacity`` has a ledger by those names. ``unseen`` says why there may be more devices
    than these; a gap's ``what`` starts with the device's name, a link's id has the names of its
    devices; ``software`` carries only what a driver knows (its version, its CUDA).
    """

    devices: tuple[Device, ...] = ()
    links: tuple[Link, ...] = ()
    capacity: dict[str, tuple[Limit, ...]] = msgspec.field(default_factory=dict)
    unseen: str | None = None
    gaps: tuple[Gap, ...] = ()
    software: Software = Software()


class Vendor(Protocol):
    """What a module of this folder must offer; ``timeout`` is seconds for all its calls."""

    def look(self, source: Source, *, timeout: float) -> Seen:
        """See one vendor's devices."""


def look(source: Source, *, timeout: float) -> Seen:
    """See the devices of all vendors, named over all of them in PCI order."""
    seen = join([vendor.look(source, timeout=timeout) for vendor in modules(sys.modules[__name__])])
    if not seen.devices:
        return seen
    from advisor.probe import between, pci_names

    devices = between.placed(source, tuple(pci_names.named(source, d) for d in seen.devices))
    links = between.links(source, devices, seen.links)
    known = {f"{device.id}.name" for device in devices if device.name}
    gaps = tuple(gap for gap in seen.gaps if gap.what not in known)
    return msgspec.structs.replace(seen, devices=devices, links=links, gaps=gaps)


def join(parts: list[Seen]) -> Seen:
    """Make one of what the vendors saw: devices get ids in PCI order, and a ledger each."""
    named = _names(parts)
    unseen = [part.unseen for part in parts if part.unseen]
    return Seen(
        devices=tuple(msgspec.structs.replace(d, id=name) for _, d, name in named),
        links=tuple(link for part in parts for link in _links(part, named)),
        capacity={name: p.capacity[d.id] for p, d, name in named if d.id in p.capacity},
        unseen="; ".join(unseen) or None,
        gaps=tuple(gap for part in parts for gap in _gaps(part, named)),
        software=_software(parts),
    )


def _links(part: Seen, named: list[tuple[Seen, Device, str]]) -> list[Link]:
    names = _renamed(part, named)
    links = []
    for link in part.links:
        kind, _, ends = link.id.partition(":")
        ends = "+".join(names.get(end, end) for end in ends.split("+"))
        links.append(msgspec.structs.replace(link, id=f"{kind}:{ends}"))
    return links


def _renamed(part: Seen, named: list[tuple[Seen, Device, str]]) -> dict[str, str]:
    return {device.id: name for owner, device, name in named if owner is part}


def _gaps(part: Seen, named: list[tuple[Seen, Device, str]]) -> list[Gap]:
    names = _renamed(part, named)
    gaps = []
    for gap in part.gaps:
        device, dot, field = gap.what.partition(".")
        gaps.append(Gap(names.get(device, device) + dot + field, gap.why, gap.remedy))
    return gaps


def _names(parts: list[Seen]) -> list[tuple[Seen, Device, str]]:
    """Pair each device with its name; a slice follows its parent, whose id stands before "/"."""
    wholes = [(p, d) for p in parts for d in p.devices if "/" not in d.id]
    wholes.sort(key=lambda pair: _order(pair[1]))
    counts: dict[str, int] = {}
    named = []
    for part, device in wholes:
        kind = device.id.partition(":")[0]
        name = f"{kind}:{counts.setdefault(kind, 0)}"
        counts[kind] += 1
        named.append((part, device, name))
        slices = [s for s in part.devices if s.id.startswith(f"{device.id}/")]
        named += [(part, s, name + s.id.removeprefix(device.id)) for s in slices]
    return named


def _order(device: Device) -> tuple[bool, list[int]]:
    """PCI addresses in number order (domains may exceed four digits), then those without one."""
    digits = (device.pci_address or "").replace(".", ":").split(":")
    try:
        return (False, [int(part, 16) for part in digits])
    except ValueError:
        return (True, [])


def _software(parts: list[Seen]) -> Software:
    """Take each field from the first vendor that knows it."""
    known: dict[str, Any] = {}
    for part in parts:
        for name, value in msgspec.structs.asdict(part.software).items():
            if value is not None:
                known.setdefault(name, value)
    return Software(**known)
