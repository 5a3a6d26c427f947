"""The processors: their topology, names, caches and abilities made one `Cpu`."""

import msgspec

from advisor.machine import Cpu, Gap, NumaNode
from advisor.probe import (
    arm,
    caches,
    clocks,
    cores,
    cpuinfo,
    isa,
    naming,
    numa,
    peak,
    product,
    steal,
    topology,
)
from advisor.probe.naming import Name
from advisor.probe.numa import Numa
from advisor.probe.source import Source
from advisor.probe.surroundings import BARE, hypervisor
from advisor.probe.topology import Set, Topology


class Seen(msgspec.Struct, frozen=True):
    """The processors, their nodes, which CPUs are online, what the machine is sold as."""

    cpu: Cpu
    numa: Numa
    online: Set
    product: str | None
    gaps: tuple[Gap, ...]


def look(source: Source) -> Seen:
    """See the processors of a Linux system."""
    info = cpuinfo.look(source)
    seen = topology.look(source, info)
    online = seen.online or frozenset()
    name = naming.look(source, info, online)
    nodes = numa.look(source, info)
    cached = caches.look(source, online)
    sockets, why = _sockets(source, seen, name, nodes)
    flags = isa.look(info)
    clock = clocks.look(source, online, info)
    kinds = cores.look(source, seen, name.cores, cached)
    above = hypervisor(source, info, name.architecture)
    cpu = Cpu(
        vendor=name.vendor,
        model=name.model,
        architecture=name.architecture,
        sockets=sockets,
        cores=_cores(seen, name),
        threads_online=len(online) or None,
        threads_present=len(seen.present) if seen.present else None,
        numa_nodes=nodes.with_cpus,
        l3_bytes=cached.l3_bytes,
        caches=cached.caches,
        isa=flags,
        core_types=kinds,
        max_hz=max(clock.highest.values(), default=None),
        limit_hz=max(clock.limit.values(), default=None),
        base_hz=min(clock.base.values(), default=None),
        governor=clock.governor,
        energy_preference=clock.preference,
        steal=steal.look(source),
        numa=tuple(map(_node, nodes.nodes)) or None,
        peaks=peak.look(info, kinds, clock.base, clock.highest, flags or ()),
        hypervisor=None if above == BARE else above,
    )
    gaps = (*seen.gaps, *nodes.gaps, *cached.gaps, *_gaps(source, cpu, name, why))
    if above is None:
        gaps = (*gaps, Gap("cpu.hypervisor", "outside x86 only firmware tells, and it does not"))
    return Seen(cpu, nodes, online, product.look(source, info), gaps)


def _gaps(source: Source, cpu: Cpu, name: Name, sockets: str) -> list[Gap]:
    """Say why each field is unknown that is."""
    frequency = source.why(f"{topology.ROOT}/cpu0/cpufreq/cpuinfo_max_freq")
    reasons = {
        "vendor": name.why or f"{cpuinfo.PATH} names no vendor",
        "model": name.why,
        "architecture": f"{cpuinfo.PATH} does not tell it",
        "sockets": sockets,
        "core_types": "neither counters, part numbers, capacities nor caches tell kinds of cores",
        "max_hz": frequency,
        "base_hz": "neither driver nor firmware nor the model's name tells it",
        "governor": frequency,
        "peaks": "the core's design is not in the table, or its clock is not known",
        "cores": "the kernel does not tell which CPUs share a core, or contradicts itself",
        "steal": f"{steal.PATH} is not there or counts nothing",
        "isa": f"{source.why(cpuinfo.PATH)}, or no flags in it",
    }
    gaps = [Gap(f"cpu.{k}", why) for k, why in reasons.items() if getattr(cpu, k) is None]
    return [*gaps, Gap("cpu.model", name.why)] if cpu.model and name.why else gaps


def _node(node: numa.Node) -> NumaNode:
    return NumaNode(node.number, tuple(sorted(node.cpus)), node.memory, node.gpu)


def _cores(seen: Topology, name: Name) -> int | None:
    """Count sibling sets; without them, CPUs whose design is known to run one thread."""
    if seen.siblings:
        return len(seen.siblings)
    designs = [name.cores.get(cpu, "") for cpu in seen.online or ()]
    return len(designs) if designs and all(map(arm.single_threaded, designs)) else None


def _sockets(source: Source, seen: Topology, name: Name, nodes: Numa) -> tuple[int | None, str]:
    """Count packages, unless they are not packages."""
    if len(seen.online or ()) == 1:
        return 1, ""
    if not seen.packages:
        return None, "the kernel gives no package ids (-1 on POWER, s390 and SPARC)"
    groups: dict[int, set[int]] = {}
    for cpu, package in seen.packages.items():
        groups.setdefault(package, set()).add(cpu)
    if len(groups) == 1 or name.architecture not in {"aarch64", "arm"}:
        return len(groups), ""
    return _arm_sockets(source, groups, name, nodes)


def _arm_sockets(
    source: Source, groups: dict[int, set[int]], name: Name, nodes: Numa
) -> tuple[int | None, str]:
    """Before Linux 6.0, a device tree's clusters were numbered as packages (arch_topology.c)."""
    if source.exists("/sys/firmware/acpi"):
        return len(groups), ""  # then the numbers come from ACPI's PPTT, which tells packages
    kinds = [{name.cores.get(cpu) for cpu in cpus} for cpus in groups.values()]
    if any(kind != kinds[0] for kind in kinds) or source.exists("/proc/device-tree"):
        return 1, ""
    if (nodes.with_cpus or 0) > 1:
        return len(groups), ""
    return None, "the kernel's package ids may be those of clusters: no ACPI tables to tell"
