"""Intel GPUs under the i915 and xe drivers, integrated (in the host's memory) and discrete."""

from msgspec.structs import replace

from advisor.machine import Device, Gap, Limit, State
from advisor.probe import gaps, pci
from advisor.probe.accelerators import Seen
from advisor.probe.ledger import ledger
from advisor.probe.links import host_link
from advisor.probe.source import Source
from advisor.probe.unified import shared
from advisor.probe.visible import Card, Shown, level_zero

VENDOR = 0x8086
DRIVERS = {"i915", "xe"}
RENDER = "/dev/dri"
MASK = "ZE_AFFINITY_MASK"
HIERARCHY = "ZE_FLAT_DEVICE_HIERARCHY"
ORDER = "ZE_ENABLE_PCI_ID_DEVICE_ORDER"
_TILES = 8


def look(source: Source, *, timeout: float) -> Seen:  # noqa: ARG001 -- files answer at once
    """See Intel's GPUs; their NPUs are told elsewhere, by identity."""
    cards = [
        f for f in pci.functions(source) or () if f.vendor == VENDOR and f.kind >> 8 == pci.DISPLAY
    ]
    devices = [replace(_device(source, c), id=f"gpu:{n}") for n, c in enumerate(cards)]
    value = _variable(source, MASK)
    shown = _shown(source, value, devices)
    devices = [_hidden(device, value, shown) for device in devices]
    lines = {d.id: _limits(d, value, shown) for d in devices}
    links = (host_link(device) for device in devices)
    return Seen(
        devices=tuple(devices),
        links=tuple(link for link in links if link),
        capacity={d.id: ledger(d, d.kernel_driver or "PCI", lines[d.id]) for d in devices},
        gaps=tuple(gap for device in devices for gap in _gaps(device)),
    )


def _device(source: Source, card: pci.Function) -> Device:
    state, why, remedy = _state(source, card)
    device = Device(
        id=card.address,
        vendor="Intel",
        state=state,
        why=why,
        remedy=remedy,
        pci_address=card.address,
        pci_id=card.id,
        kernel_driver=card.driver,
    )
    # The processor's own GPU is 00:02.0 on every Intel platform; it has no slot and no memory.
    if card.address.endswith(":00:02.0"):
        return shared(source, device)
    own = replace(
        device,
        numa_node=pci.numa_node(source, card),
        unified_memory=False,
        memory_bytes=_memory(source, card),
    )
    return pci.linked(own, pci.lanes(source, card))


def _state(source: Source, card: pci.Function) -> tuple[State, str | None, str | None]:
    if card.driver == "vfio-pci":
        return State.HIDDEN, "it is set aside for a virtual machine (vfio-pci)", "use it there"
    if card.driver not in DRIVERS:
        if not source.live:
            return State.UNKNOWN, "the capture does not show its driver", "probe the machine itself"
        return State.BROKEN, "no driver is bound to it", "a kernel with i915 or xe for this chip"
    if source.live and not source.names(RENDER):
        return State.HIDDEN, f"this process has no {RENDER}", f"give the container {RENDER}"
    return State.PRESENT, None, None


def _memory(source: Source, card: pci.Function) -> int | None:
    """Return a card's own memory: xe tells it by tile, Intel's i915 packages by card."""
    files = [f"{card.place}/tile{n}/physical_vram_size_bytes" for n in range(_TILES)]
    sizes = [size for file in files if (size := _size(source, file))]
    if sizes:
        return sum(sizes)
    names = (name for name in source.names(f"{card.place}/drm") if name.startswith("card"))
    totals = (_size(source, f"{card.place}/drm/{name}/lmem_total_bytes") for name in names)
    return next((total for total in totals if total), None)


def _size(source: Source, path: str) -> int | None:
    try:
        return int(source.text(path) or "", 0) or None  # xe writes hexadecimal
    except ValueError:
        return None


def _variable(source: Source, name: str) -> str | None:
    value = source.process(f"env:{name}")
    return value if isinstance(value, str) else None


def _shown(source: Source, value: str | None, devices: list[Device]) -> Shown:
    # Without names the ids tell whether two are alike.
    cards = tuple(Card(device.id, name=device.pci_id) for device in devices)
    return level_zero(value, _variable(source, HIERARCHY), _variable(source, ORDER), cards)


def _hidden(device: Device, value: str | None, shown: Shown) -> Device:
    if device.state is not State.PRESENT or device.id in shown.ids:
        return device
    if shown.unsure:
        why, remedy = f"{MASK}={value}: {shown.unsure}", f"set {ORDER}=1, {HIERARCHY}=COMPOSITE"
        return replace(device, state=State.UNKNOWN, why=why, remedy=remedy)
    why = f"{MASK}={value} leaves it out"
    return replace(device, state=State.HIDDEN, why=why, remedy=f"unset {MASK}")


def _limits(device: Device, value: str | None, shown: Shown) -> list[Limit]:
    if value is None:
        return []
    if shown.unsure:
        return [Limit(MASK, None, f"{MASK}={value}: {shown.unsure}")]
    return [Limit(MASK, device.memory_bytes if device.id in shown.ids else 0, f"{MASK}={value}")]


def _gaps(device: Device) -> list[Gap]:
    why = "Intel's kernel drivers do not tell it; Level Zero would"
    return gaps.gaps(device, gaps.COMMON, why, "sycl-ls --verbose, or xpu-smi discovery")
