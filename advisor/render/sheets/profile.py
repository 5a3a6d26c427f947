"""`probe` and `bench` as a sheet: the parts, what limits leave of them, what was timed."""

from rich.console import RenderableType

from advisor.machine import Device, Disk, Limit, Machine, State, binding
from advisor.measurement import HEADLINES, Measurement, Quality
from advisor.profile import Profile
from advisor.render import Style
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.text import FIGURES, age, ends
from advisor.units import digits, show

# What sets the points of a surface apart, in the order they are sorted and printed.
SIZES = ("m", "n", "k", "bytes")


def parts(profile: Profile, style: Style) -> list[RenderableType]:
    """Lay out a profile."""
    machine = profile.machine
    sheet: list[RenderableType] = [
        heading("Machine"),
        columns(_machine(machine)),
        *_limits(machine),
        heading(measured(profile.measurements)),
        *_measured(profile, style),
    ]
    if machine.gaps:
        sheet += [heading("Not known"), *_gaps(machine, style)]
    return sheet


def _machine(machine: Machine) -> list[tuple[str, str]]:
    lines = [("CPU", _cpu(machine)), ("Memory", _memory(machine))]
    lines += [(d.id.upper().replace("GPU:", "GPU "), _device(d)) for d in machine.devices]
    if not machine.devices:
        lines.append(("GPU", _no_device(machine)))
    lines += [("Disk", _disk(d)) for d in machine.disks]
    return [*lines, ("Software", _software(machine))]


def _cpu(machine: Machine) -> str:
    cpu = machine.cpu
    counts = [
        _count(cpu.sockets, "socket"),
        _count(cpu.cores, "core"),
        _count(cpu.threads_online, "thread"),
    ]
    cache = f"L3 {show(cpu.l3_bytes, 'bytes')}" if cpu.l3_bytes else ""
    named = cpu.hypervisor and not cpu.hypervisor.startswith("unknown")
    guest = f"under {cpu.hypervisor}" if named else "in a virtual machine" if cpu.hypervisor else ""
    return _join(cpu.model or "model unknown", cpu.architecture, *counts, cache, guest)


def _memory(machine: Machine) -> str:
    total, free = machine.memory.total_bytes, machine.memory.available_bytes
    return _join(_bytes(total, ""), _bytes(free, " available"))


def _device(device: Device) -> str:
    name = device.name or "name unknown"
    if device.state is not State.PRESENT:
        return _join(f"{name}: {device.state}", device.why, device.remedy)
    return _join(name, _bytes(device.memory_bytes, ""), _bytes(device.memory_free_bytes, " free"))


def _no_device(machine: Machine) -> str:
    return f"unknown: {machine.devices_unseen}" if machine.devices_unseen else "none"


def _disk(disk: Disk) -> str:
    return _join(disk.path, disk.filesystem, disk.kind, _bytes(disk.free_bytes, " free"))


def _software(machine: Machine) -> str:
    software = machine.software
    named = [("kernel", software.kernel), ("Python", software.python), ("torch", software.torch),
             ("driver", software.driver), ("CUDA", software.cuda_driver)]  # fmt: skip
    inside = software.container if software.container != "none" else None
    return _join(software.os, inside, *(f"{n} {v}" for n, v in named if v))


def _join(*words: str | None) -> str:
    return ", ".join(word for word in words if word)


def _count(number: int | None, noun: str) -> str:
    return f"{noun}s unknown" if number is None else f"{number} {noun}{'s' if number != 1 else ''}"


def _bytes(size: float | None, what: str) -> str:
    return f"size unknown{what}" if size is None else f"{show(size, 'bytes')}{what}"


def _limits(machine: Machine) -> list[RenderableType]:
    if not machine.capacity:
        return []
    title = heading("What this process may use (* is the binding limit)")
    return [title, columns(_ledger(machine), right=(3,), keep=(0, 1, 2, 3))]


def _ledger(machine: Machine) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = []
    for resource, limits in machine.capacity.items():
        for index, limit in enumerate(limits):
            name = resource if index == 0 else ""
            star = "*" if limit.binding else ""
            lines.append((name, star, limit.level, _amount(resource, limit), limit.source))
    return lines


def _amount(resource: str, limit: Limit) -> str:
    if limit.value is None:
        return "unknown"
    return digits(limit.value) if resource == "cpu" else show(limit.value, "bytes")


def machine_line(machine: Machine) -> str:
    """Say in a sentence what machine this is."""
    devices = _devices(machine) or [f"GPU {_no_device(machine)}"]
    memory = f"memory {_memory(machine)}"
    cpus, room = _left(machine), _room(machine)
    return "; ".join(filter(None, [_cpu(machine), cpus, memory, room, *devices]))


def _devices(machine: Machine) -> list[str]:
    """Name each device once; those of which the same is to be said stand together."""
    alike: dict[str, list[str]] = {}
    for device in machine.devices:
        cut = device.state is State.HIDDEN and device.mig_enabled
        if cut and any(other.id.startswith(f"{device.id}/") for other in machine.devices):
            continue  # its slices stand for it
        alike.setdefault(_device(device), []).append(device.id)
    return [
        f"{ids[0]} {told}" if len(ids) == 1 else f"{ids[0]} to {ids[-1]}: {len(ids)} × {told}"
        for told, ids in alike.items()
    ]


def _left(machine: Machine) -> str:
    limit = binding(machine, "cpu")
    if limit is None or not limit.value or limit.level == "physical":
        return ""
    return f"{digits(limit.value)} of its CPUs allowed by {limit.level}"


def _room(machine: Machine) -> str:
    limit = binding(machine, "memory")
    free = machine.memory.available_bytes
    if limit is None or not limit.value or free is None or limit.value >= free:
        return ""
    return f"{show(limit.value, 'bytes')} of it allowed by {limit.level}"


def speeds(measurements: tuple[Measurement, ...], style: Style) -> list[tuple[str, str]]:
    """Say what was measured, a line a device, with the age of its oldest figure."""
    headlines = [m for m in _sorted(measurements) if m.name in HEADLINES]
    devices = dict.fromkeys(m.device for m in headlines)
    lines = [_speed([m for m in headlines if m.device == d], d, style) for d in devices]
    first = measured(measurements)
    return [(first if i == 0 else "", line) for i, line in enumerate(lines)]


def measured(measurements: tuple[Measurement, ...]) -> str:
    """Say whether figures were measured, or some were written by hand (their conditions say so)."""
    return "Simulated" if any(m.conditions.get("simulated") for m in measurements) else "Measured"


def _speed(mine: list[Measurement], device: str, style: Style) -> str:
    told = [
        f"{m.name.removesuffix('.peak')}{f' {m.dtype}' if m.dtype else ''} "
        f"{show(m.value, m.unit, FIGURES)}{'' if m.quality is Quality.VALID else f' ({m.quality})'}"
        for m in mine
    ]
    when = age(min((m.taken for m in mine if m.taken), default=None), style.now)
    return f"{device}: {', '.join(told)}{f'; {when}' if when else ''}"


# Where no headline was timed (`mlinfra bench input`), so many of what was are shown instead.
_FEW = 20


def _measured(profile: Profile, style: Style) -> list[RenderableType]:
    known = _sorted(profile.measurements)
    shown = known if style.verbose else [m for m in known if m.name in HEADLINES] or known[:_FEW]
    if not shown:
        return [words("nothing yet: `mlinfra bench` times this machine in 30 s")]
    return [columns([_line(m, style) for m in shown], right=(2,), keep=(0, 1, 2))]


def _sorted(measurements: tuple[Measurement, ...]) -> list[Measurement]:
    """Order by device, headlines first, then by name, dtype and size."""

    def place(m: Measurement) -> tuple[object, ...]:
        sizes = [m.conditions.get(size) for size in SIZES]
        numbers = [size if isinstance(size, int) else 0 for size in sizes]
        return (m.device, m.name not in HEADLINES, m.name, m.dtype or "", numbers)

    return sorted(measurements, key=place)


def _line(m: Measurement, style: Style) -> tuple[str, ...]:
    name = f"{m.name} {m.dtype}" if m.dtype else m.name
    doubt = "" if m.quality is Quality.VALID else f"{m.quality}: {m.cause or 'no cause known'}"
    tail = "; ".join(filter(None, [_size(m), doubt, age(m.taken, style.now)]))
    width = f"({ends(m.low, m.high, m.unit)})"
    return (m.device, name, show(m.value, m.unit, FIGURES), f"{width} {tail}".rstrip())


def _size(m: Measurement) -> str:
    """Say at what size a point of a surface or a ladder was timed."""
    if m.name in HEADLINES:
        return ""
    if "bytes" in m.conditions:
        return show(float(m.conditions["bytes"] or 0), "bytes")
    sizes = [str(m.conditions[size]) for size in SIZES if size in m.conditions]
    return " × ".join(sizes) or str(m.conditions.get("shape", ""))


def _gaps(machine: Machine, style: Style) -> list[RenderableType]:
    most = len(machine.gaps) if style.verbose else 8
    lines = [
        words(f"{gap.what}: {gap.why}{f'; {gap.remedy}' if gap.remedy else ''}")
        for gap in machine.gaps[:most]
    ]
    left = len(machine.gaps) - most
    return [*lines, *([words(f"and {left} more: -v shows all")] if left > 0 else [])]
