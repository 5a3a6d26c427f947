"""A machine with parts added, and what the catalogue says of the new places."""

from collections.abc import Sequence

import msgspec

from advisor.estimate import Estimate
from advisor.machine import Device, State
from advisor.part import Part
from advisor.predict.elsewhere.planned import Foreign
from advisor.predict.elsewhere.silicon import Figures, Silicon, silicon
from advisor.predict.feed import supply
from advisor.profile import Profile

# NVIDIA's table (https://developer.nvidia.com/cuda-gpus), as quoted on 2026-11-29 at
# https://michaelbommarito.com/wiki/programming/tools/gpu-compute-capability.
_CAPABILITY = {
    "maxwell": "5.2", "pascal": "6.1", "gp100": "6.0", "volta": "7.0", "turing": "7.5",
    "tu11x": "7.5", "ga100": "8.0", "ampere": "8.6", "ada": "8.9", "hopper": "9.0",
    "blackwell": "12.0",
}  # fmt: skip
# Blackwell of data centres is 10.0; it has HBM, and no GDDR7 reaches half of its bandwidth.
_DATA_CENTRE = ("blackwell", "10.0", 4e12)  # bytes/s


class Addition(msgspec.Struct, frozen=True):
    """So many of one part put into a machine; beside ``twins``, devices that are the same part."""

    part: Part
    count: int = 1
    twins: tuple[str, ...] = ()


def with_devices(profile: Profile, addition: Addition) -> tuple[Profile, str]:
    """Return the profile with the part's devices present, and the place that they make together.

    Their memory is all free; what only a driver could tell stays unknown.
    """
    machine = profile.machine
    first = 1 + max(map(_number, machine.devices), default=-1)
    new = [_device(addition.part, f"gpu:{first + n}") for n in range(addition.count)]
    edited = msgspec.structs.replace(machine, devices=(*machine.devices, *new))
    ids = (*addition.twins, *(device.id for device in new))
    return msgspec.structs.replace(profile, machine=edited), place_of(ids)


def place_of(ids: Sequence[str]) -> str:
    """Name the place that several GPUs make together: ``gpu:0+1``."""
    return "+".join([ids[0], *(name.partition(":")[2] for name in ids[1:])])


def _number(device: Device) -> int:
    kind, _, number = device.id.partition(":")
    return int(number) if kind == "gpu" and number.isdigit() else -1


def _device(part: Part, name: str) -> Device:
    memory = round(part.memory) if part.memory else None
    return Device(
        id=name,
        vendor=part.vendor,
        name=part.name,
        state=State.PRESENT,
        memory_bytes=memory,
        memory_free_bytes=memory,
        compute_capability=_capability(part),
        architecture=part.architecture,
        power_limit_watts=part.power,
        power_default_watts=part.power,
        pcie_generation_device=int(part.pcie) if part.pcie else None,
        pcie_width_device=part.lanes,
    )


def _capability(part: Part) -> str | None:
    architecture, capability, least = _DATA_CENTRE
    if part.architecture == architecture and (part.bandwidth or 0) >= least:
        return capability
    return _CAPABILITY.get(part.architecture or "")


class Own(msgspec.Struct, frozen=True):
    """Plans predicted here, and the silicon that stands for their device in the catalogue."""

    estimates: tuple[Estimate, ...] = ()
    silicon: Silicon | None = None


NOTHING = Own()


def foreign(
    profile: Profile, place: str, addition: Addition, figures: Figures, own: Own = NOTHING
) -> Foreign:
    """Return what predicts plans at a new place of an edited profile.

    Raises:
        AdvisorError: the part's rates are not published.
    """
    return Foreign(
        place=place,
        device=silicon(addition.part, figures),
        count=addition.count + len(addition.twins),
        supply=supply(profile, place),
        own=own.estimates,
        mine=own.silicon,
    )
