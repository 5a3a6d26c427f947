"""A machine with more memory or another disk: its profile, changed as the parts say."""

import msgspec
from msgspec.structs import replace

from advisor.machine import Limit, Machine
from advisor.measurement import Measurement
from advisor.pipeline import channels
from advisor.profile import Profile
from advisor.purchase import Item

# One reader with blocks of 1 MiB gets less than the maker's rate, which is for many requests at
# once. Set, not fitted: half of it at least, three quarters likely.
_READ_LEAST, _READ_LIKELY = 0.5, 0.75
# Levels of the ledger that more memory lifts.
_HARDWARE = {"physical", "free now"}


def with_disk(profile: Profile, item: Item) -> Profile:
    """Return the profile with the data set's disk read at the part's rate."""
    rate = item.part.bandwidth
    kept = tuple(row for row in profile.measurements if row.name != "disk.read")
    disk = next((disk.id for disk in profile.machine.disks), "disk:0")
    if not rate:
        return profile
    row = Measurement(
        name="disk.read", device=disk, value=_READ_LIKELY * rate, low=_READ_LEAST * rate, high=rate,
        unit="bytes/s", rounds=1, conditions={"catalogue": item.part.name},
    )  # fmt: skip
    return replace(profile, measurements=(*kept, row))


def with_memory(profile: Profile, item: Item, free: int = 0, worth: float = 1.0) -> Profile:
    """Return the profile with so much more memory, all of it free.

    Modules go into ``free`` channels first, which makes memory faster; further ones do not.
    ``worth`` is what a channel more brings of what those before do.
    """
    profile = channels.widened(profile, min(item.count, free), worth)
    more = round((item.part.memory or 0.0) * item.count)
    machine = profile.machine
    memory = msgspec.structs.replace(
        machine.memory,
        total_bytes=machine.memory.total_bytes and machine.memory.total_bytes + more,
        available_bytes=machine.memory.available_bytes and machine.memory.available_bytes + more,
    )
    return replace(
        profile, machine=replace(machine, memory=memory, capacity=_lifted(machine, more))
    )


def _lifted(machine: Machine, more: int) -> dict[str, tuple[Limit, ...]]:
    """Lift what hardware decides; a limit that someone set (a cgroup's) stays."""
    lines = machine.capacity.get("memory", ())
    lifted = tuple(
        replace(line, value=line.value + more) if line.value and line.level in _HARDWARE else line
        for line in lines
    )
    return {**machine.capacity, "memory": lifted} if lines else machine.capacity
