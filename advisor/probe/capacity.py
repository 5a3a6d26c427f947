"""The capacity ledger: from what is in the case down to what this process may use now."""

import math

import msgspec

from advisor.machine import Gap, Limit
from advisor.probe import cgroup
from advisor.probe.cgroup import Groups
from advisor.probe.memory import PATH as MEMINFO
from advisor.probe.mounts import Mount
from advisor.probe.numa import Numa
from advisor.probe.parse import cpu_list, pairs, size
from advisor.probe.source import Source
from advisor.probe.topology import ROOT, Set

STATUS = "/proc/self/status"
LIMITS = "/proc/self/limits"
_ALLOWED = "cpu.threads_allowed"


class Ledger(msgspec.Struct, frozen=True):
    """Lines by resource; ``threads_allowed`` is what cgroups and affinity leave."""

    lines: dict[str, tuple[Limit, ...]]
    threads_allowed: int | None
    gaps: tuple[Gap, ...]


class Host(msgspec.Struct, frozen=True):
    """What the ledger starts from: the online CPUs, the nodes, memory in bytes."""

    online: Set
    numa: Numa
    total: int | None
    available: int | None


def look(source: Source, mounts: tuple[Mount, ...], host: Host) -> Ledger:
    """State what each level leaves of CPUs and memory, and mark the line that binds."""
    groups = cgroup.look(source, mounts)
    affinity, said_by = _affinity(source)
    cpu = _cpu_lines(source, groups, host.online, affinity, said_by)
    memory = _memory_lines(source, groups, host)
    known = groups.cpus or affinity or groups.quota
    # Only Linux has control groups; macOS has no affinity either.
    if not known and source.linux:
        why = f"no cpuset, quota or affinity: {source.why(STATUS)}"
        return Ledger({"cpu": cpu, "memory": memory}, None, (Gap(_ALLOWED, why),))
    left = [line.value for line in cpu if line.value and line.level != _OPENMP]
    # Half a CPU still runs a thread.
    threads = math.ceil(min(left)) if left else None
    return Ledger({"cpu": cpu, "memory": memory}, threads, ())


def _affinity(source: Source) -> tuple[Set | None, str]:
    """As the kernel tells it of this process; gVisor tells it only to who asks by system call."""
    listed = cpu_list(pairs(source.text(STATUS)).get("Cpus_allowed_list"))
    if listed:
        return listed, f"{STATUS} Cpus_allowed_list"
    asked = source.process("affinity")
    if isinstance(asked, list) and asked:
        return frozenset(cpu for cpu in asked if isinstance(cpu, int)), "sched_getaffinity"
    return None, ""


_OPENMP = "OMP_NUM_THREADS"


def _cpu_lines(
    source: Source, groups: Groups, online: Set, affinity: Set | None, said_by: str
) -> tuple[Limit, ...]:
    told_by = f"{ROOT}/online" if source.linux else "the system"
    lines = [Limit("physical", len(online), told_by)] if online else []
    if groups.quota:
        lines.append(Limit("cgroup quota", groups.quota.value, groups.quota.source))
    allowed = online
    for level, cpus, origin in (
        ("cpuset", groups.cpus, groups.cpus_source),
        ("affinity", affinity, said_by),
    ):
        if cpus is not None:
            # Sets name CPUs that could be plugged in, too; and under lxcfs others than are shown.
            allowed = (allowed & cpus) or cpus
            lines.append(Limit(level, len(allowed), origin))
    wish = source.process(f"env:{_OPENMP}")
    marked = mark(lines)
    if isinstance(wish, str) and wish.isascii() and wish.isdigit() and len(wish) < 7:
        # A habit of one library, which a program may change: shown, never binding.
        marked += (Limit(_OPENMP, int(wish), "environment"),)
    return marked


def mark(lines: list[Limit]) -> tuple[Limit, ...]:
    """Mark the least value as binding; of equals the first, which is the widest level."""
    least = min(
        lines, key=lambda line: math.inf if line.value is None else line.value, default=None
    )
    return tuple(msgspec.structs.replace(line, binding=line is least) for line in lines)


def _memory_lines(source: Source, groups: Groups, host: Host) -> tuple[Limit, ...]:
    status = pairs(source.text(STATUS))
    limit, left = groups.memory, groups.memory_free
    told_by = MEMINFO if source.linux else "the system"
    lines = [
        Limit("physical", host.total, told_by),
        Limit("cpuset nodes", _nodes(status, host.numa), f"{STATUS} Mems_allowed_list"),
        Limit("cgroup", limit.value if limit else None, limit.source if limit else ""),
        *_rlimits(source, status),
        Limit("free in cgroup", left.value if left else None, left.source if left else ""),
        Limit(
            "free now", host.available, f"{MEMINFO} MemAvailable" if source.linux else "the system"
        ),
    ]
    return mark([line for line in lines if line.value is not None])


def _nodes(status: dict[str, str], numa: Numa) -> int | None:
    """Memory of the nodes that a cpuset leaves, where it leaves out one that has some."""
    allowed = cpu_list(status.get("Mems_allowed_list"))
    own = {node.number: node.memory or 0 for node in numa.nodes if not node.gpu}
    if not allowed or not own.keys() - allowed:
        return None
    return sum(memory for number, memory in own.items() if number in allowed) or None


_RLIMITS = (
    ("rlimit address space", "Max address space", "VmSize"),
    ("rlimit data", "Max data size", "VmData"),
)


def _rlimits(source: Source, status: dict[str, str]) -> list[Limit]:
    """What soft limits leave of address space (``ulimit -v``) and data (setrlimit(2))."""
    lines = []
    for level, name, used in _RLIMITS:
        limit = _rlimit(source, name)
        taken = size(status.get(used))
        if limit is not None:
            left = limit - taken if taken is not None else limit
            lines.append(Limit(level, max(0, left), f"{LIMITS} {name}, less {used}"))
    return lines


def _rlimit(source: Source, name: str) -> int | None:
    for line in (source.text(LIMITS) or "").splitlines():
        if line.startswith(name):
            words = line.removeprefix(name).split()
            return int(words[0]) if words and words[0].isdigit() and len(words[0]) < 21 else None
    return None
