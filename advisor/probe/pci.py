"""PCI functions and their links (kernel: Documentation/ABI/testing/sysfs-bus-pci)."""

import re

import msgspec
from msgspec.structs import replace

from advisor.machine import Device
from advisor.probe.source import Source

BUSES = "/sys/bus"
DEVICES = f"{BUSES}/pci/devices"
# PCI Code and ID Assignment Specification: base class 03 is display (0300 VGA, 0302 3D), 06 a
# bridge (0604 PCI to PCI), 12 a processing accelerator.
DISPLAY, BRIDGE, ACCELERATOR = 0x03, 0x0604, 0x12
ADDRESS = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[01][0-9a-f]\.[0-7]", re.ASCII)
# GT/s of one lane to generation (PCI Express Base Specification 6.0, section 1.1).
_GENERATIONS = {"2.5": 1, "5": 2, "8": 3, "16": 4, "32": 5, "64": 6, "128": 7}
# Root ports that hypervisors make up, so that their speed means nothing: QEMU, virtio, VMware,
# Hyper-V, VirtualBox.
_VIRTUAL = frozenset({0x1B36, 0x1AF4, 0x15AD, 0x1414, 0x80EE})
_LSPCI = re.compile(
    r"([0-9a-f:.]+) .*?\[([0-9a-f]{4})\]: .*\[([0-9a-f]{4}):([0-9a-f]{4})\]", re.ASCII
)


class Function(msgspec.Struct, frozen=True):
    """One PCI function. ``kind`` is its class (0x0302); None is what its place does not tell."""

    address: str
    kind: int
    vendor: int | None = None
    device: int | None = None
    driver: str | None = None
    place: str = ""

    @property
    def id(self) -> str | None:
        """Vendor and device as lspci prints them, ``10de:15f8``."""
        if self.vendor is None or self.device is None:
            return None
        return f"{self.vendor:04x}:{self.device:04x}"


class Speed(msgspec.Struct, frozen=True):
    """A link's generation and width."""

    generation: int | None = None
    width: int | None = None


class Lanes(msgspec.Struct, frozen=True):
    """A device's link now, what the device could do, and what its slot could."""

    now: Speed = Speed()
    device: Speed = Speed()
    slot: Speed = Speed()

    @property
    def most(self) -> Speed:
        """The most that both ends can do; unknown where the device's is."""
        return Speed(
            _least(self.device.generation, self.slot.generation),
            _least(self.device.width, self.slot.width),
        )


def linked(device: Device, lanes: Lanes) -> Device:
    """Return a device with the link between it and its slot."""
    return replace(
        device,
        pcie_generation=lanes.now.generation,
        pcie_generation_max=lanes.most.generation,
        pcie_generation_device=lanes.device.generation,
        pcie_generation_slot=lanes.slot.generation,
        pcie_width=lanes.now.width,
        pcie_width_max=lanes.most.width,
        pcie_width_device=lanes.device.width,
        pcie_width_slot=lanes.slot.width,
    )


def _least(device: int | None, slot: int | None) -> int | None:
    return device if device is None or slot is None else min(device, slot)


def functions(source: Source) -> tuple[Function, ...] | None:
    """Return all PCI functions but virtual GPUs; None where they cannot be listed."""
    found = [_function(source, name) for name in source.names(DEVICES) if ADDRESS.fullmatch(name)]
    if found:
        return tuple(f for f in found if not _virtual(source, f))
    # A running kernel without this bus has no PCI; a captured tree may just lack the folder.
    if source.link(DEVICES) is not None or (source.live and source.names(BUSES)):
        return ()
    text = source.run("lspci", "-Dnn")
    return None if text is None else listed(text)


def _virtual(source: Source, function: Function) -> bool:
    """Whether this is a share of a card that the host may lend to guests (SR-IOV), and no card."""
    return function.kind >> 8 in {DISPLAY, ACCELERATOR} and source.exists(
        f"{function.place}/physfn"
    )


def _function(source: Source, address: str) -> Function:
    place = f"{DEVICES}/{address}"
    told = dict(
        line.split("=", 1) for line in (source.text(f"{place}/uevent") or "").splitlines()
        if "=" in line
    )  # fmt: skip
    vendor, _, device = told.get("PCI_ID", "").partition(":")
    kind = _hex(told.get("PCI_CLASS")) if told.get("PCI_CLASS") else _file(source, place, "class")
    driver = told.get("DRIVER") or (source.link(f"{place}/driver") or "").rpartition("/")[2]
    return Function(
        address=address,
        kind=(kind or 0) >> 8,
        vendor=_hex(vendor) if vendor else _file(source, place, "vendor"),
        device=_hex(device) if device else _file(source, place, "device"),
        driver=driver or None,
        place=place,
    )


def _file(source: Source, place: str, name: str) -> int | None:
    return _hex(source.text(f"{place}/{name}"))


def _hex(text: str | None) -> int | None:
    try:
        return int(text or "", 16)
    except ValueError:
        return None


def listed(text: str) -> tuple[Function, ...]:
    """Read what ``lspci -nn`` prints; without domains (no ``-D``) they are 0000."""
    found = []
    for line in text.splitlines():
        if match := _LSPCI.match(line):
            address = match[1] if match[1].count(":") == 2 else f"0000:{match[1]}"
            kind, vendor, device = (int(part, 16) for part in match.groups()[1:])
            found.append(Function(address, kind, vendor, device))
    return tuple(found)


def lanes(source: Source, function: Function) -> Lanes:
    """Return the link between a card and its slot.

    Some cards carry a bridge of their own: behind it, the GPU's own link says nothing about the
    slot (AMD Navi shows x16 always, Intel Arc x1), so the card's uppermost bridge is asked.
    """
    path = source.link(function.place) or function.place
    folders = [part for part in path.split("/") if ADDRESS.fullmatch(part)]
    start = path.split(folders[0])[0] if folders else ""
    chain = ["".join([start, "/".join(folders[: n + 1])]) for n in range(len(folders))]
    if not chain:
        return Lanes()
    card = len(chain) - 1
    while card > 1 and _file(source, chain[card - 1], "vendor") == function.vendor:
        card -= 1
    slot = chain[card - 1] if card else None
    virtual = slot is None or (_file(source, slot, "vendor") in _VIRTUAL)
    return Lanes(
        now=_speed(source, chain[card], "current"),
        device=_speed(source, chain[card], "max"),
        slot=Speed() if virtual or slot is None else _speed(source, slot, "max"),
    )


def generation(speed: str) -> int | None:
    """Return the generation of a link speed such as ``16.0 GT/s PCIe``."""
    return _GENERATIONS.get(speed.partition(" ")[0].removesuffix(".0"))


def _speed(source: Source, place: str, which: str) -> Speed:
    speed = generation(source.text(f"{place}/{which}_link_speed") or "")
    width = source.number(f"{place}/{which}_link_width")
    # 0 and 255 stand for "not told" in the kernel's PCI_EXP_LNKSTA_NLW.
    return Speed(speed, width if width and 0 < width < 64 else None)


def numa_node(source: Source, function: Function) -> int | None:
    """Return the NUMA node that a device hangs on; -1, "not told", is None."""
    node = source.number(f"{function.place}/numa_node")
    return node if node is not None and node >= 0 else None


def short(address: str) -> str:
    """Write an address as sysfs does, in lower case with a domain of four digits or more.

    NVML writes eight digits of domain, in capitals.
    """
    domain, _, rest = address.strip().lower().partition(":")
    if rest.count(":") != 1:
        return address.strip().lower()
    return f"{domain.lstrip('0'):0>4}:{rest}"
