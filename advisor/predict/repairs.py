"""What mending a machine gains a plan: a capped clock, a narrow slot, slow memory, foreign work.

A gain is how many times faster a step would be, from the part of its time that the defect slows.
Its low end is 1 wherever the defect may not bind: a power limit that is not reached slows nothing.
"""

from collections.abc import Iterator
from typing import NamedTuple

from advisor.estimate import Feeding, Interval, Plan
from advisor.machine import Device, Machine, Module
from advisor.predict.step import Step

# Of CMOS logic P ~ f·V², and the voltage rises with the clock near the limit (f³ at most, f² where
# the voltage hardly moves): the clock goes with these powers of the power.
_LIKELY_POWER, _MOST_POWER = 1 / 3, 1 / 2
# With all cores busy a processor keeps below its highest clock, which one core reaches alone.
_ALL_CORES = 0.85
# Two programs that want a whole GPU take turns: without the other, twice as fast at most.
_TURNS = 2.0
# Repairs that help a step which waits for its data, too.
FED = {"slot", "cpus", "stolen"}


class Repairs(NamedTuple):
    """What a machine has lost at a place, as factors of what it would have when mended.

    ``power`` is the default limit over the present one, ``clock`` the highest clock over the one
    allowed, ``lanes`` the link's rate at its full width, ``transfers`` and ``channels`` of memory,
    ``cpus`` the share of the CPUs that limits leave, ``foreign`` and ``stolen`` shares of the time
    that others take. None where there is nothing to be mended, or nothing known.
    """

    power: float | None = None
    clock: float | None = None
    lanes: float | None = None
    transfers: float | None = None
    channels: float | None = None
    cpus: float | None = None
    foreign: float | None = None
    stolen: float | None = None


def repairs(machine: Machine, place: str) -> Repairs:
    """Read off a machine what could be mended at a place."""
    if place == "cpu":
        cpu, memory = machine.cpu, machine.memory
        return Repairs(
            clock=_more(cpu.max_hz, cpu.limit_hz),
            transfers=_transfers(memory.modules or ()),
            channels=2.0 if memory.channels == 1 and not cpu.hypervisor else None,
            cpus=_share(cpu.threads_allowed, cpu.threads_online),
            stolen=cpu.steal,
        )
    device = next((d for d in machine.devices if d.id == place), None)
    if device is None:
        return Repairs()
    return Repairs(
        power=_more(device.power_default_watts, device.power_limit_watts),
        lanes=_lanes(device),
        foreign=device.utilization,
    )


def _more(there: float | None, used: float | None) -> float | None:
    return there / used if there and used and there > used else None


def _share(left: float | None, there: float | None) -> float | None:
    return left / there if left and there and left < there else None


def _transfers(modules: tuple[Module, ...]) -> float | None:
    """Return the rate that the slowest module is made for over the one that is set."""
    rated = [m.transfers_per_second for m in modules if m.size_bytes]
    run = [m.configured_transfers_per_second for m in modules if m.size_bytes]
    known = [x for x in rated if x], [x for x in run if x]
    return _more(min(known[0]), min(known[1])) if all(known) else None


def _lanes(device: Device) -> float | None:
    """Return what the link would carry with all lanes of the card, over what it carries.

    Only lanes count: the generation drops by itself while nothing is copied.
    """
    there = device.pcie_width_device or device.pcie_width_max
    return _more(there, device.pcie_width)


def mended(plan: Plan, step: Step, there: Repairs, feeding: Feeding | None) -> dict[str, Interval]:
    """Say what each repair gains a plan by itself; nothing is said of what is as it should be."""
    return dict(_each(plan, step, there, feeding))


def _each(
    plan: Plan, step: Step, there: Repairs, feeding: Feeding | None
) -> Iterator[tuple[str, Interval]]:
    computing, moving = step.bounds.get("compute", 0.0), step.bounds.get("memory", 0.0)
    if there.power:
        likely, most = there.power**_LIKELY_POWER, there.power**_MOST_POWER
        yield "power_limit", _gain(computing, 1.0, likely, most)
    if there.clock:
        likely = max(_ALL_CORES * there.clock, 1.0)
        yield "clock", _gain(computing, 1.0, likely, there.clock)
    for name, factor in (("memory_speed", there.transfers), ("channels", there.channels)):
        if factor:
            yield name, _gain(moving, 1.0, factor, factor)
    if there.cpus:
        # Half of the CPUs may be second threads of a core, and memory may be full already; at
        # most all gain in proportion.
        more, both = 1 / there.cpus, computing + moving
        least = max(more / 2, 1.0)
        low, likely = _left(computing, least), _left(computing, more)
        yield "cpus", Interval(low, likely, _left(both, more), "1")
    if there.foreign:
        free = min(1 / max(1 - there.foreign, 1 / _TURNS), _TURNS)
        yield "sharing", Interval(1.0, free, _TURNS, "1")
    if there.stolen and there.stolen < 1:
        kept = 1 / (1 - there.stolen)
        yield "stolen", Interval(1.0, kept, kept, "1")
    if there.lanes and feeding and feeding.link:
        yield "slot", _fed(plan, feeding, there.lanes)


def _left(share: float, factor: float) -> float:
    """Return how many times faster it all is where a share of the time is so many times faster."""
    return 1 / (1 - share + share / factor)


def _gain(share: float, low: float, likely: float, high: float) -> Interval:
    return Interval(_left(share, low), _left(share, likely), _left(share, high), "1")


def _fed(plan: Plan, feeding: Feeding, factor: float) -> Interval:
    """Return what a faster link gains: all, or up to what else is slowest."""
    assert feeding.link is not None  # noqa: S101 - asked by who calls
    rate, link = feeding.compute, feeding.link
    data = feeding.input if plan.phase == "training" else None
    ends = [
        (rate.low, link.high, data.low if data else None),
        (rate.likely, link.likely, data.likely if data else None),
        (rate.high, link.low, data.high if data else None),
    ]
    low, likely, high = (
        min(x for x in (could, fed * factor, loads) if x is not None)
        / min(x for x in (could, fed, loads) if x is not None)
        for could, fed, loads in ends
    )
    return Interval(low, likely, high, "1")
