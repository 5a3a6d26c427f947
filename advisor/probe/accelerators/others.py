"""Accelerators that are no GPUs (Gaudi, TPU, Neuron, NPUs …), by PCI or /sys/class/accel identity.

Only their makers' tools know more; displays of BMCs and virtual machines are none of them.
"""

from msgspec.structs import replace

from advisor.machine import Device, Gap, State
from advisor.probe import gaps, pci
from advisor.probe.accelerators import Seen
from advisor.probe.identities import BY_VFIO, MAKERS, NAMES, VENDORS
from advisor.probe.links import host_link
from advisor.probe.source import Source

ACCEL = "/sys/class/accel"
WSL = "/dev/dxg"
# Bridges, network and storage parts of a maker are no accelerators, whatever its vendor id.
_KINDS = {0x12, 0x0B, 0x08, 0x11, 0x05, 0xFF, 0x00}
_TOLD_ELSEWHERE = {0x10DE, 0x1002}  # NVIDIA's and AMD's GPUs; AMD's NPUs are 1022
_MADE_UP = {0x1234, 0x1B36, 0x1AF4}  # QEMU's test devices


def look(source: Source, *, timeout: float) -> Seen:  # noqa: ARG001 -- files answer at once
    """See what PCI and the kernel's accel class name; say where PCI cannot be listed."""
    functions = pci.functions(source)
    found = [_device(source, f) for f in functions or () if _is_one(f)]
    found += _on_chip(source)
    devices = tuple(replace(device, id=f"npu:{n}") for n, device in enumerate(found))
    return Seen(
        devices=devices,
        links=tuple(link for device in devices if (link := host_link(device))),
        gaps=tuple(gap for device in devices for gap in _gaps(device)),
        unseen=_unseen(source, functions),
    )


def _unseen(source: Source, functions: tuple[pci.Function, ...] | None) -> str | None:
    """Say why there may be more; WSL passes GPUs through without showing them on PCI."""
    if source.exists(WSL) and not source.process("nvml"):
        return f"{WSL} stands for a GPU of Windows, which only its maker's driver names"
    if functions is None and source.linux:
        return f"PCI devices could not be listed ({source.why(pci.DEVICES)})"
    if functions is None and source.process("platform") == "win32":
        return "on Windows only NVIDIA's driver is asked for GPUs"
    return None


def _is_one(function: pci.Function) -> bool:
    if function.vendor is None or function.vendor in _TOLD_ELSEWHERE | _MADE_UP:
        return False
    if (function.vendor, function.device) in NAMES:
        return True
    kind = function.kind >> 8
    return kind == pci.ACCELERATOR or (function.vendor in VENDORS and kind in _KINDS)


def _device(source: Source, function: pci.Function) -> Device:
    vendor = function.vendor or 0
    name = NAMES.get((vendor, function.device or 0))
    state, why, remedy = _state(source, function, known=name is not None or vendor in VENDORS)
    device = Device(
        id=function.address,
        vendor=MAKERS.get(vendor) or VENDORS.get(vendor),
        name=name,
        state=state,
        why=why,
        remedy=remedy,
        pci_address=function.address,
        pci_id=function.id,
        kernel_driver=function.driver,
        numa_node=pci.numa_node(source, function),
    )
    return pci.linked(device, pci.lanes(source, function))


def _state(
    source: Source, function: pci.Function, *, known: bool
) -> tuple[State, str | None, str | None]:
    if not known:
        return (
            State.UNKNOWN,
            "a processing accelerator of unknown use (it may be an FPGA)",
            f"look {function.id} up in pci.ids",
        )
    if function.driver == "vfio-pci" and function.vendor not in BY_VFIO:
        return State.HIDDEN, "it is set aside for a virtual machine (vfio-pci)", "use it there"
    if function.driver:
        return State.PRESENT, None, None
    if not source.live:
        return State.UNKNOWN, "the capture does not show its driver", "probe the machine itself"
    return State.BROKEN, "no driver is bound to it", "install its maker's driver"


def _on_chip(source: Source) -> list[Device]:
    """Return accelerators of the kernel's accel class that are no PCI devices (NPUs of SoCs)."""
    found = []
    for name in source.names(ACCEL):
        place = f"{ACCEL}/{name}/device"
        told = dict(
            line.split("=", 1)
            for line in (source.text(f"{place}/uevent") or "").splitlines()
            if "=" in line
        )
        if "PCI_ID" not in told and "OF_COMPATIBLE_0" in told:
            found.append(_soc(told))
    return found


def _soc(told: dict[str, str]) -> Device:
    vendor, _, chip = told["OF_COMPATIBLE_0"].partition(",")
    return Device(
        id="",
        vendor=vendor.capitalize(),
        name=chip or None,
        state=State.PRESENT,
        kernel_driver=told.get("DRIVER"),
        unified_memory=True,
    )


def _gaps(device: Device) -> list[Gap]:
    why = device.why or "its kernel driver does not tell it"
    return gaps.gaps(device, gaps.COMMON, why, device.remedy or "ask its maker's tool")
