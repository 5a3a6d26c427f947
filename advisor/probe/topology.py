"""Which CPUs there are, and how they make cores and sockets (kernel: admin-guide/cputopology)."""

from collections.abc import Iterable

import msgspec

from advisor.machine import Gap
from advisor.probe.cpuinfo import CpuInfo
from advisor.probe.parse import cpu_list, cpu_mask
from advisor.probe.source import Source

ROOT = "/sys/devices/system/cpu"
Set = frozenset[int]


class Topology(msgspec.Struct, frozen=True):
    """CPUs by number; ``siblings`` are the sets of online CPUs that share a core."""

    online: Set | None
    present: Set | None
    siblings: tuple[Set, ...] | None
    packages: dict[int, int] | None
    gaps: tuple[Gap, ...]


def look(source: Source, info: CpuInfo) -> Topology:
    """See the CPUs and which share cores and packages."""
    present, online = _present(source), _online(source, info)
    gaps = [] if online else [Gap("cpu.threads_online", source.why(f"{ROOT}/online"))]
    if present is None:
        present = frozenset(source.numbered(ROOT, "cpu")) or None
    if present is None:
        why = f"{source.why(ROOT)}, and /proc/cpuinfo lists only what is online"
        gaps.append(Gap("cpu.threads_present", why))
    siblings = _siblings(source, info, online or frozenset())
    packages = _packages(source, info, online or frozenset())
    return Topology(online, present, siblings, packages, tuple(gaps))


def _present(source: Source) -> Set | None:
    return cpu_list(source.text(f"{ROOT}/present")) or None


def _online(source: Source, info: CpuInfo) -> Set | None:
    """The kernel's list; else each CPU's own switch; else what /proc/cpuinfo lists."""
    listed = cpu_list(source.text(f"{ROOT}/online"))
    if listed:
        return listed
    folders = source.numbered(ROOT, "cpu")
    if not folders:
        return frozenset(info.cpus) or _counted(info)
    # cpu0 usually has no switch: then /proc/cpuinfo decides, where its numbers are the kernel's.
    told = frozenset(info.cpus)
    told = told if told and told <= set(folders) else frozenset(folders)
    switches = {cpu: source.number(f"{ROOT}/cpu{cpu}/online") for cpu in folders}
    return frozenset(c for c, on in switches.items() if on == 1 or (on is None and c in told))


def _counted(info: CpuInfo) -> Set | None:
    """CPUs of architectures that only count them (s390, sparc, alpha), numbered from 0."""
    count = info.any("# processors", "ncpus active", "cpus active")
    known = count is not None and count.isascii() and count.isdigit() and 0 < int(count) < 10_000
    return frozenset(range(int(count))) if known and count else None


def _siblings(source: Source, info: CpuInfo, online: Set) -> tuple[Set, ...] | None:
    """Unique sets of online CPUs that share a core: from sibling files, else from ids."""
    found: dict[int, Set] = {}
    for cpu in sorted(online):
        folder = f"{ROOT}/cpu{cpu}/topology"
        shared = _group(source, folder, ("core_cpus", "thread_siblings"))
        if shared and cpu not in shared:
            return None  # a kernel that contradicts itself is no witness
        if shared:
            found[cpu] = shared & online
    if len(found) == len(online):
        return unique(found.values()) or None
    return _by_ids(source, info, online)


def _group(source: Source, folder: str, stems: tuple[str, ...]) -> Set | None:
    """A set of CPUs, which newer kernels print as list and mask and older ones as mask only."""
    names = source.names(folder)
    for stem in stems:
        if f"{stem}_list" in names:
            return cpu_list(source.text(f"{folder}/{stem}_list"))
        if stem in names:
            return cpu_mask(source.text(f"{folder}/{stem}"))
    return None


def unique(sets: Iterable[Set]) -> tuple[Set, ...]:
    """Return the different sets, by their lowest CPU."""
    return tuple(sorted(set(sets), key=sorted))


def _by_ids(source: Source, info: CpuInfo, online: Set) -> tuple[Set, ...] | None:
    """Group CPUs whose package, die and core ids are the same; one CPU is one core in any case."""
    if len(online) == 1:
        return (online,)
    cores: dict[tuple[int, ...], set[int]] = {}
    for cpu in online:
        key = _file_ids(source, cpu) or _text_ids(info, cpu)
        if key is None:
            return None
        cores.setdefault(key, set()).add(cpu)
    return unique(frozenset(cpus) for cpus in cores.values()) or None


def _file_ids(source: Source, cpu: int) -> tuple[int, ...] | None:
    folder = f"{ROOT}/cpu{cpu}/topology"
    if "core_id" not in source.names(folder):
        return None
    core, package = (source.number(f"{folder}/{n}") for n in ("core_id", "physical_package_id"))
    die = source.number(f"{folder}/die_id")
    return None if core is None or core < 0 or package is None else (package, die or 0, core)


def _text_ids(info: CpuInfo, cpu: int) -> tuple[int, ...] | None:
    lines = info.cpus.get(cpu, {})
    if lonely(info):
        return (cpu,)
    if lines.get("siblings") == str(len(info.cpus)):
        # All CPUs are siblings of this one: there is one package, whether it has a number or not.
        lines = {"physical id": "0", **lines}
    ids = [lines.get(key, "") for key in ("physical id", "core id")]
    return tuple(int(i) for i in ids) if all(i.isascii() and i.isdigit() for i in ids) else None


def lonely(info: CpuInfo) -> bool:
    """Whether an x86 kernel leaves the ids out: each CPU is then a package of its own.

    Older ones print them if ``x86_max_cores * smp_num_siblings > 1`` (arch/x86/kernel/cpu/proc.c).
    """
    return info.any("flags") is not None and info.any("siblings", "physical id") is None


def _packages(source: Source, info: CpuInfo, online: Set) -> dict[int, int] | None:
    """The package of each online CPU; None where the kernel does not know them all (-1)."""
    found: dict[int, int] = {}
    for cpu in online:
        folder = f"{ROOT}/cpu{cpu}/topology"
        package = source.number(f"{folder}/physical_package_id")
        text = info.cpus.get(cpu, {}).get("physical id", "")
        if package is None and text.isascii() and text.isdigit():
            package = int(text)
        if package is None and lonely(info):
            package = cpu
        if package is not None and package >= 0:
            found[cpu] = package
    return found if found and len(found) == len(online) else None
