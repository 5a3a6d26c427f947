"""Which NVIDIA devices MIG mode and CUDA_VISIBLE_DEVICES keep from this process."""

from msgspec.structs import replace

from advisor.machine import Device, Limit, State
from advisor.probe.source import Source
from advisor.probe.visible import Card, Shown, Slice, cuda

VARIABLE, ORDER = "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER"
CONTAINER = "NVIDIA_VISIBLE_DEVICES"


def hide(
    source: Source, devices: list[Device]
) -> tuple[list[Device], dict[str, tuple[Limit, ...]]]:
    """Return the devices with what hides them, and the ledger lines that say so."""
    value = _variable(source, VARIABLE)
    shown = cuda(value, _variable(source, ORDER), _cards(devices))
    seen = [_hidden(device, value, shown) for device in devices]
    given = _variable(source, CONTAINER)
    lines = {d.id: (*_limits(d, value, shown), *_given(given)) for d in seen}
    return seen, lines


def _variable(source: Source, name: str) -> str | None:
    value = source.process(f"env:{name}")
    return value if isinstance(value, str) else None


def _cards(devices: list[Device]) -> tuple[Card, ...]:
    return tuple(
        Card(d.id, d.uuid, d.name, bool(d.mig_enabled), _slices(devices, d.id))
        for d in devices
        if "/" not in d.id
    )


def _slices(devices: list[Device], parent: str) -> tuple[Slice, ...]:
    return tuple(
        Slice(d.id, d.uuid, d.slice_place) for d in devices if d.id.startswith(f"{parent}/")
    )


def _hidden(device: Device, value: str | None, shown: Shown) -> Device:
    """Return the device as this process may use it; a broken one stays broken."""
    if device.state is not State.PRESENT:
        return device
    if device.mig_enabled and "/" not in device.id:
        return _without(
            device, State.HIDDEN, "in MIG mode only its slices can be used",
            "use a slice, or end MIG mode: sudo nvidia-smi -mig 0 -i its PCI id",
        )  # fmt: skip
    if shown.unsure:
        return _without(
            device, State.UNKNOWN, f"{VARIABLE}={value}: {shown.unsure}",
            f"set {ORDER}=PCI_BUS_ID, or name devices by UUID",
        )  # fmt: skip
    if device.id not in shown.ids:
        return _without(
            device, State.HIDDEN, f"{VARIABLE}={value} leaves it out",
            f"unset {VARIABLE}, or name it there" + (f": {device.uuid}" if device.uuid else ""),
        )  # fmt: skip
    return device


def _without(device: Device, state: State, why: str, remedy: str) -> Device:
    return replace(device, state=state, why=why, remedy=remedy)


def _limits(device: Device, value: str | None, shown: Shown) -> list[Limit]:
    if value is None:
        return []
    said = f"{VARIABLE}={value}"
    if shown.unsure:
        return [Limit(VARIABLE, None, f"{said}: {shown.unsure}")]
    return [Limit(VARIABLE, device.memory_bytes if device.id in shown.ids else 0, said)]


def _given(value: str | None) -> list[Limit]:
    """Say what the container was started with; it has already had its effect, and binds nothing."""
    return [] if value is None else [Limit(CONTAINER, None, f"{CONTAINER}={value}")]
