"""The one door for saved profiles: bounded, and every figure checked before it is used."""

import math
import os
import stat
from datetime import datetime
from pathlib import Path

import msgspec

from advisor.errors import AdvisorError, Where
from advisor.machine import Machine
from advisor.profile import SCHEMA, Profile
from advisor.units import unit

# A profile of an eight-GPU node with full surfaces is under a megabyte.
MOST_BYTES = 16 * 1024 * 1024
# Above the address space of any processor, and so above any count of bytes, threads or devices.
MOST = 2.0**64


def read_profile(path: Path) -> Profile:
    """Read a saved profile.

    Raises:
        AdvisorError: it cannot be read, is no profile of this version, or holds what cannot be.
    """
    try:
        profile = msgspec.json.decode(_bytes(path), type=Profile)
    except OSError as error:
        raise _refused(path, error.strerror or str(error)) from error
    except RecursionError as error:
        raise _refused(path, "it is nested too deep") from error
    except msgspec.DecodeError as error:
        raise _refused(path, str(error)) from error
    fault = _fault(profile)
    if fault:
        raise _refused(path, fault)
    return _ordered(profile)


def _ordered(profile: Profile) -> Profile:
    """Return the profile as a look would list it, in whatever order its file names things."""
    machine = profile.machine
    places = ["cpu", "memory", *(device.id for device in machine.devices)]
    names = [*(p for p in places if p in machine.capacity), *sorted(machine.capacity)]
    capacity = {name: machine.capacity[name] for name in names}
    ordered = msgspec.structs.replace(machine, capacity=capacity)
    return msgspec.structs.replace(profile, machine=ordered)


def _bytes(path: Path) -> bytes:
    """Read a regular file, and no more of it than a profile can have."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(descriptor, "rb") as file:  # noqa: PTH123 - an open descriptor, no path
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise _refused(path, "it is no regular file")
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise _refused(path, f"it is larger than {MOST_BYTES} bytes")
    return data


def _fault(profile: Profile) -> str | None:
    """Say what cannot be in a profile, if anything."""
    if profile.schema != SCHEMA:
        return f"its schema is {profile.schema!r}, not {SCHEMA!r}"
    times = [profile.taken, *(m.taken for m in profile.measurements if m.taken)]
    bad = next((text for text in times if not is_moment(text)), None)
    if bad is not None:
        return f"{bad[:40]!r} is no time with a zone, such as 2026-01-01T00:00:00Z"
    odd = next((m.unit for m in profile.measurements if unit(m.unit) is None), None)
    if odd is not None:
        return f"{odd[:40]!r} is no unit"
    return _impossible(profile.machine)


def _impossible(machine: Machine) -> str | None:
    ids = [device.id for device in machine.devices]
    if len(set(ids)) < len(ids):
        return "two devices have one id"
    nouns: dict[str, msgspec.Struct] = {"cpu": machine.cpu, "memory": machine.memory}
    nouns |= {device.id: device for device in machine.devices}
    nouns |= {disk.id: disk for disk in machine.disks}
    for place, noun in nouns.items():
        for field, value in msgspec.structs.asdict(noun).items():
            if _absurd(field, value):
                return f"{place}.{field} is {value}"
    limits = [(name, limit.value) for name, lines in machine.capacity.items() for limit in lines]
    return next((f"capacity.{n} is {v}" for n, v in limits if _absurd(n, v)), None)


def _absurd(field: str, value: object) -> bool:
    """Whether a figure is negative (only temperatures may be), not finite, or beyond all bounds."""
    if not isinstance(value, int | float) or field.endswith("celsius") or field == "numa_node":
        return False
    return not (math.isfinite(value) and 0 <= value < MOST)


def is_moment(text: str) -> bool:
    """Say whether a text is a time with its zone in ISO 8601."""
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _refused(path: Path, wrong: str) -> AdvisorError:
    return AdvisorError(
        "read the profile",
        wrong,
        where=Where(str(path)),
        remedy="write one with `mlinfra probe --output json=FILE`",
    )
