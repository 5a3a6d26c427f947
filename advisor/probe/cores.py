"""Kinds of cores of a processor that has several (hybrids, big.LITTLE).

The kernel tells them in three ways: names of its performance counters (cpu_core, cpu_atom:
perf-list(1)), part numbers on Arm, relative capacity. Clocks tell nothing: equal cores differ in
their highest clock (Turbo Boost Max). Where none tells, different first-level caches do.
"""

from advisor.machine import CoreType
from advisor.probe import arm
from advisor.probe.caches import Caches
from advisor.probe.parse import cpu_list
from advisor.probe.source import Source
from advisor.probe.topology import ROOT, Set, Topology

_COUNTERS = {
    "performance": "/sys/devices/cpu_core/cpus",
    "efficiency": "/sys/devices/cpu_atom/cpus",
    "low power": "/sys/devices/cpu_lowpower/cpus",
}

UNIFORM = "uniform"
_BY_SIZE = ("performance", "efficiency")


def look(
    source: Source, seen: Topology, names: dict[int, str], caches: Caches
) -> tuple[CoreType, ...] | None:
    """Return each kind with its CPUs; one where all are alike, None where that is not known."""
    online = seen.online or frozenset()
    groups = (
        _counters(source, online)
        or _by(names, online)
        or _capacity(source, online)
        or _first_level(caches, online)
    )
    if groups is None:
        return None
    return tuple(
        CoreType(name, tuple(sorted(cpus)), _count(seen, name, cpus))
        for name, cpus in groups.items()
    )


def _count(seen: Topology, name: str, cpus: Set) -> int | None:
    if seen.siblings is None:
        return len(cpus) if arm.single_threaded(name) else None
    return sum(1 for core in seen.siblings if core & cpus)


def _counters(source: Source, online: Set) -> dict[str, Set] | None:
    found = {name: cpu_list(source.text(path)) for name, path in _COUNTERS.items()}
    groups = {name: cpus & online for name, cpus in found.items() if cpus and cpus & online}
    whole = frozenset[int]().union(*groups.values()) == online
    return groups if groups and whole else None


def _by(labels: dict[int, str], online: Set) -> dict[str, Set] | None:
    """Group CPUs by a label that all of them have, in order of their lowest CPU."""
    if not online or not online <= labels.keys():
        return None
    groups: dict[str, set[int]] = {}
    for cpu in sorted(online):
        groups.setdefault(labels[cpu], set()).add(cpu)
    return {name: frozenset(cpus) for name, cpus in groups.items()}


def _capacity(source: Source, online: Set) -> dict[str, Set] | None:
    """Capacity, relative to the largest core's 1024 (kernel: scheduler/sched-capacity)."""
    numbers = {cpu: source.number(f"{ROOT}/cpu{cpu}/cpu_capacity") for cpu in online}
    labels = {cpu: f"capacity {number}" for cpu, number in numbers.items() if number}
    groups = _by(labels, online)
    # Capacity follows the clock as well, so one group says nothing that caches might not.
    return groups if groups and 1 < len(groups) <= 4 else None


def _first_level(caches: Caches, online: Set) -> dict[str, Set] | None:
    """Cores with different first-level data caches are different; the larger ones are faster."""
    sizes: dict[int, int] = {}
    for one in caches.instances:
        if one.level == 1 and one.kind != "instruction" and one.size:
            sizes |= dict.fromkeys(one.cpus, one.size)
    kinds = sorted({sizes[cpu] for cpu in online if cpu in sizes}, reverse=True)
    if len(kinds) > len(_BY_SIZE):
        return None
    names = dict(zip(kinds, _BY_SIZE if len(kinds) > 1 else (UNIFORM,), strict=False))
    return _by({cpu: names[sizes[cpu]] for cpu in online if cpu in sizes}, online)
