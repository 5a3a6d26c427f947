"""Channels of memory that hold no module yet: how many there are, and what filling them brings."""

from msgspec.structs import replace

from advisor.machine import Machine
from advisor.measurement import Measurement
from advisor.part import Part
from advisor.profile import Profile

_STREAMS = ("memory.copy", "memory.triad")
# Arrays of a ladder from four times the last-level cache on lie in main memory (as `bench` says).
_OUT_OF_CACHE = 4
# What a channel more surely brings, and at most, of its part of the theory. Set, not fitted: fully
# fitted machines reach 67 % to 78 % of theory, so one more is worth about as much as those before.
LEAST, MOST = 0.8, 1.05


def free(machine: Machine, cpu: Part | None) -> int:
    """Count the channels without a module; 0 where modules or the processor are not known.

    A processor has the channels of its catalogue part, once a socket.
    """
    fitted = machine.memory.channels
    if machine.cpu.hypervisor or not fitted or not machine.memory.modules:
        return 0
    if cpu is None or not cpu.channels:
        return 0
    return max(cpu.channels * (machine.cpu.sockets or 1) - fitted, 0)


def widened(profile: Profile, added: int, worth: float = 1.0) -> Profile:
    """Return the profile with modules in so many more channels, each as fast as those there.

    ``worth`` is what a further channel brings of that: from `LEAST` surely to `MOST` at best.
    """
    fitted = profile.machine.memory.channels
    if not fitted or added <= 0:
        return profile
    factor = (fitted + added) / fitted
    faster = max(factor * worth, 1.0)
    rows = tuple(
        _faster(row, faster) if _streams(row, profile.machine) else row
        for row in profile.measurements
    )
    memory = profile.machine.memory
    theory = memory.bandwidth_bytes_per_second
    memory = replace(
        memory, channels=fitted + added, bandwidth_bytes_per_second=theory and theory * factor
    )
    machine = replace(profile.machine, memory=memory)
    return replace(profile, machine=machine, measurements=rows)


def _streams(row: Measurement, machine: Machine) -> bool:
    """Say whether a figure is of main memory, as the processor reads it."""
    if row.device != "cpu" or not row.name.startswith(_STREAMS):
        return False
    size = row.conditions.get("bytes")
    cache = machine.cpu.l3_bytes
    return not isinstance(size, int | float) or not cache or size >= _OUT_OF_CACHE * cache


def _faster(row: Measurement, factor: float) -> Measurement:
    return replace(
        row, value=row.value * factor, low=row.low * factor, high=row.high * factor,
        conditions={**row.conditions, "predicted": f"{factor:g} times the channels"},
    )  # fmt: skip
