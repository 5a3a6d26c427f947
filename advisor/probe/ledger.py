"""The capacity ledger of an accelerator: what each level leaves of its memory, and which binds."""

from collections.abc import Iterable

from msgspec.structs import replace

from advisor.machine import Device, Limit, State

FREE = "free now"


def ledger(device: Device, source: str, hiders: Iterable[Limit] = ()) -> tuple[Limit, ...]:
    """Return the lines from the card to what is free now; ``source`` says who told the sizes.

    ``hiders`` are the lines of variables and containers, between driver and free memory.
    """
    total = device.memory_bytes
    lines = [Limit("unified memory" if device.unified_memory else "card", total, source)]
    if device.memory_reserved_bytes and total:
        kept = f"{source}: reserved by driver, ECC and firmware"
        lines.append(Limit("driver", total - device.memory_reserved_bytes, kept))
    if device.virtualization == "vgpu":
        lines.append(Limit("vgpu", total, "the profile that the hypervisor gave"))
    if device.mig_enabled and "/" not in device.id:
        lines.append(Limit("mig", 0, "in MIG mode only the slices can be used"))
    if device.state is State.BROKEN:
        lines.append(Limit("state", 0, device.why or "broken"))
    if device.compute_mode == "prohibited":
        lines.append(Limit("compute mode", 0, "compute mode is prohibited (nvidia-smi -c 0)"))
    lines += hiders
    lines.append(Limit(FREE, device.memory_free_bytes, source))
    return bound(lines)


def bound(lines: list[Limit]) -> tuple[Limit, ...]:
    """Mark the line that allows least; of equal ones the first, and none where none is known."""
    known = [line.value for line in lines if line.value is not None]
    least = next((n for n, line in enumerate(lines) if known and line.value == min(known)), None)
    return tuple(replace(line, binding=n == least) for n, line in enumerate(lines))
