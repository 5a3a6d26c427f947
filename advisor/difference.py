"""What changed between two profiles: hardware, software, limits, state, speed."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec

from advisor.machine import Device, Machine
from advisor.measurement import Measurement, Quality, same
from advisor.profile import Profile

Plain = bool | int | float | str | None


class Side(StrEnum):
    """What sort of change it is; ``state`` is what changes by itself (free memory, temperature)."""

    HARDWARE = "hardware"
    SOFTWARE = "software"
    LIMITS = "limits"
    STATE = "state"
    SPEED = "speed"


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that differs; None where one of the two does not have it, or does not know.

    For speeds ``ratio`` is after ÷ before, and ``decided`` is false where the two intervals
    overlap: then the numbers differ no more than two runs on one machine may.
    """

    what: str
    side: Side
    before: Plain
    after: Plain
    unit: str = ""
    ratio: float | None = None
    decided: bool = True


# Fields that change while nothing was changed.
_STATE = frozenset(
    """
    available_bytes free_bytes memory_free_bytes utilization temperature_celsius clock_hz battery
    pcie_generation pcie_width throttle_reasons processes processes_memory_bytes wake_seconds free
    on_battery xids ecc_uncorrected steal
    """.split()  # noqa: SIM905 -- field names read best as words
)
# A gap is told by the field that is unknown; an id depends on what else is in the case.
_SKIPPED = frozenset({"gaps", "measurements", "id", "binding", "source"})
_SIDES = {"software": Side.SOFTWARE, "capacity": Side.LIMITS}


def diff(before: Profile, after: Profile) -> tuple[Change, ...]:
    """Return all changes, in order of their names; devices are matched by UUID or PCI address."""
    old, new = _flat(before.machine), _flat(after.machine)
    paths = [path for path in {**old, **new} if old.get(path) != new.get(path)]
    changes = [
        Change(what=path, side=_side(path), before=old.get(path), after=new.get(path))
        for path in paths
    ]
    return tuple(sorted([*changes, *_speeds(before, after)], key=lambda c: (c.side, c.what)))


def _side(path: str) -> Side:
    last = path.rpartition(".")[2]
    if last in _STATE or (path.startswith("capacity.") and "free" in path):
        return Side.STATE
    return _SIDES.get(path.partition(".")[0], Side.HARDWARE)


def _flat(machine: Machine) -> dict[str, Plain]:
    """All known values by their path; parts of a list are named by what tells them apart."""
    found: dict[str, Plain] = {}
    todo: list[tuple[str, object]] = [("", msgspec.to_builtins(machine))]
    while todo:
        path, value = todo.pop()
        match value:
            case dict():
                todo += [(_join(path, k), v) for k, v in value.items() if k not in _SKIPPED]
            case tuple() if value and isinstance(value[0], dict):
                todo += [(_join(path, _name(path, one, at)), one) for at, one in enumerate(value)]
            case tuple():
                found[path] = ", ".join(map(str, value))
            case None:
                pass
            case bool() | int() | float() | str():
                found[path] = value
    return found


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _name(path: str, part: dict[str, object], at: int) -> str:
    if path == "devices":
        return str(part.get("uuid") or part.get("pci_address") or part.get("id") or at)
    words = [str(part[k]) for k in ("level", "kind", "name", "dtype", "locator") if part.get(k)]
    return str(part.get("id") or " ".join(words) or at)


def _speeds(before: Profile, after: Profile) -> Iterable[Change]:
    old, new = _measured(before), _measured(after)
    for key, one in {**old, **new}.items():
        was, now = old.get(key), new.get(key)
        if was and now and (was.value, was.low, was.high) == (now.value, now.low, now.high):
            continue
        yield Change(
            what=key,
            side=Side.SPEED,
            before=was.value if was else None,
            after=now.value if now else None,
            unit=one.unit,
            ratio=now.value / was.value if was and now and was.value else None,
            decided=not (was and now) or now.low > was.high or now.high < was.low,
        )


def _measured(profile: Profile) -> dict[str, Measurement]:
    """Numbers that may be compared, by device, name, type and sizes."""
    hardware = {device.id: _identity(device) for device in profile.machine.devices}
    return {
        _key(one, hardware): one
        for one in profile.measurements
        if one.quality is not Quality.INVALID
    }


def _identity(device: Device) -> str:
    return device.uuid or device.pci_address or device.id


def _key(one: Measurement, hardware: dict[str, str]) -> str:
    name, device, dtype, *sizes = same(one)
    told = (size for size in sizes if not size.endswith("=False"))  # that it is not is no news
    words = " ".join(word for word in (name, dtype, *told) if word)
    return f"{hardware.get(device, device)}: {words}"
