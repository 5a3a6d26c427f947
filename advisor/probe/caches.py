"""Caches as instances times size (kernel: ABI/testing/sysfs-devices-system-cpu, cache/index*)."""

import msgspec

from advisor.machine import Cache, Gap
from advisor.probe.parse import cpu_list, cpu_mask, size
from advisor.probe.source import Source
from advisor.probe.topology import ROOT, Set

_KINDS = {"Data": "data", "Instruction": "instruction", "Unified": "unified"}
_L3 = "cpu.l3_bytes"


class Instance(msgspec.Struct, frozen=True):
    """One cache and the CPUs that share it; ``size`` is None where the kernel does not say."""

    level: int
    kind: str
    size: int | None
    cpus: Set  # empty where the kernel does not say


class Caches(msgspec.Struct, frozen=True):
    """What the kernel tells of caches; ``l3_bytes`` is the sum over instances."""

    instances: tuple[Instance, ...]
    caches: tuple[Cache, ...] | None
    l3_bytes: int | None
    gaps: tuple[Gap, ...]


def look(source: Source, online: Set) -> Caches:
    """See every cache of the online CPUs once."""
    found: dict[tuple[int, str, Set], Instance] = {}
    for cpu in sorted(online):
        for index in source.numbered(f"{ROOT}/cpu{cpu}/cache", "index"):
            seen = _instance(source, f"{ROOT}/cpu{cpu}/cache/index{index}")
            if seen:
                found.setdefault((seen.level, seen.kind, seen.cpus), seen)
    instances = tuple(found.values())
    third = [i for i in instances if i.level == 3]
    known = [i.size for i in third if i.size and i.cpus]
    whole = bool(third) and len(known) == len(third)
    return Caches(
        instances=instances,
        caches=_grouped(instances) or None,
        l3_bytes=sum(known) if whole else None,
        gaps=() if whole else (_gap(source, instances),),
    )


def _instance(source: Source, folder: str) -> Instance | None:
    level = source.number(f"{folder}/level")
    kind = _KINDS.get(source.text(f"{folder}/type") or "")
    cpus = cpu_list(source.text(f"{folder}/shared_cpu_list"))
    if cpus is None:
        cpus = cpu_mask(source.text(f"{folder}/shared_cpu_map"))
    if level is None or not kind:
        return None
    return Instance(level, kind, size(source.text(f"{folder}/size")) or None, cpus or frozenset())


def _grouped(instances: tuple[Instance, ...]) -> tuple[Cache, ...]:
    """Count the instances of each size; those of unknown size or sharing are left out."""
    counts: dict[tuple[int, str, int], int] = {}
    for one in instances:
        if one.size and one.cpus:
            key = (one.level, one.kind, one.size)
            counts[key] = counts.get(key, 0) + 1
    return tuple(
        Cache(level, kind, n, bytes_) for (level, kind, bytes_), n in sorted(counts.items())
    )


def _gap(source: Source, instances: tuple[Instance, ...]) -> Gap:
    if not instances:
        return Gap(_L3, source.why(f"{ROOT}/cpu0/cache"), "look from outside the virtual machine")
    if any(i.level == 3 for i in instances):
        return Gap(_L3, "the kernel lists a level-3 cache without its size or without its CPUs")
    highest = max(i.level for i in instances)
    return Gap(_L3, f"the kernel lists caches up to level {highest} only")
