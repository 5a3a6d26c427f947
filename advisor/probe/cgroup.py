"""What control groups leave to this process (kernel: admin-guide/cgroup-v1, cgroup-v2).

A limit holds for all groups below it, so each file is read from the process's own group up to the
mount's root, and the least value counts. In a container the upper groups cannot be seen, but
version 1 also tells the least memory limit above (``hierarchical_memory_limit``).
"""

import re

import msgspec

from advisor.probe.mounts import Mount
from advisor.probe.parse import cpu_list
from advisor.probe.source import Source

# "No limit" in version 1 is the largest multiple of the page size below 2^63.
UNLIMITED = 1 << 60
_USUAL = Mount("/sys/fs/cgroup", "cgroup2", "cgroup2", frozenset())


class Bound(msgspec.Struct, frozen=True):
    """A limit and the file that sets it."""

    value: float
    source: str


class Groups(msgspec.Struct, frozen=True):
    """Limits in CPUs and bytes; None where no group sets one. ``cpus`` are the allowed ones."""

    quota: Bound | None = None
    cpus: frozenset[int] | None = None
    cpus_source: str = ""
    memory: Bound | None = None
    memory_free: Bound | None = None


def look(source: Source, mounts: tuple[Mount, ...]) -> Groups:
    """Find this process's groups in every hierarchy, and the least limits up their paths."""
    paths = _paths(source)
    if not mounts and not paths and source.exists(f"{_USUAL.point}/memory.max"):
        # A tree of the files alone. Only a group below the top has this file, so it is our own.
        mounts, paths = (_USUAL,), {"": "/"}
    cpu = _folders(source, mounts, paths, "cpu")
    memory = _folders(source, mounts, paths, "memory")
    cpus, cpus_source = _cpuset(source, _folders(source, mounts, paths, "cpuset"))
    return Groups(
        quota=_least([_quota(source, folder) for folder in cpu]),
        cpus=cpus,
        cpus_source=cpus_source,
        memory=_least([bound for folder in memory for bound in _memory(source, folder)]),
        memory_free=_least([_free(source, folder) for folder in memory]),
    )


def _paths(source: Source) -> dict[str, str]:
    """The group's path by controller; version 2's under the empty name."""
    paths: dict[str, str] = {}
    for line in (source.text("/proc/self/cgroup") or "").splitlines():
        _, _, rest = line.partition(":")
        names, mark, path = rest.partition(":")
        if mark and path.startswith("/"):
            paths |= dict.fromkeys(names.split(","), path)
    # Kernels before 2.6.24 have only this one.
    cpuset = source.text("/proc/self/cpuset")
    if not paths and cpuset and cpuset.startswith("/"):
        paths = {"cpuset": cpuset, "": cpuset}
    return paths


def _folders(
    source: Source, mounts: tuple[Mount, ...], paths: dict[str, str], controller: str
) -> list[str]:
    """The folders from the process's group up to the root, in each hierarchy that may limit."""
    found: list[str] = []
    for mount in mounts:
        if mount.kind == "cgroup2":
            path = paths.get("")
        elif mount.kind == controller or (mount.kind == "cgroup" and controller in mount.options):
            path = paths.get(controller)
        else:
            continue
        if path:
            found += [f for f in _up(mount, path) if f not in found and source.names(f)]
    return found


def _up(mount: Mount, path: str) -> list[str]:
    """All folders from a group to the mount point.

    A path that is not under the mount's root, or climbs out of it (``/../..``, a private cgroup
    namespace), leaves only the mount point to look at.
    """
    root = mount.root.rstrip("/")
    inside = path[len(root) :] if path == root or path.startswith(f"{root}/") else ""
    parts = [part for part in inside.split("/") if part]
    parts = [] if ".." in parts else parts
    point = mount.point.rstrip("/")
    return ["/".join([point, *parts[:depth]]) for depth in range(len(parts), -1, -1)]


def _least(bounds: list[Bound | None]) -> Bound | None:
    """The tightest; of equals one that sets a limit rather than one that sums limits up."""
    known = (bound for bound in bounds if bound)
    return min(known, key=lambda b: (b.value, b.source.endswith("memory.stat")), default=None)


def _quota(source: Source, folder: str) -> Bound | None:
    """CPU time a period: ``cpu.max`` ("max 100000", "50000"), or version 1's two files."""
    path = f"{folder}/cpu.max"
    words = (source.text(path) or "").split()
    if words:
        quota, period = words[0], words[1] if len(words) > 1 else "100000"
    else:
        path = f"{folder}/cpu.cfs_quota_us"
        quota = str(source.number(path))
        period = str(source.number(f"{folder}/cpu.cfs_period_us"))
    if not re.fullmatch(r"[1-9]\d{0,15} [1-9]\d{0,15}", f"{quota} {period}", re.ASCII):
        return None
    return Bound(int(quota) / int(period), path)


def _cpuset(source: Source, folders: list[str]) -> tuple[frozenset[int] | None, str]:
    """The nearest group that says which CPUs; its effective set already minds those above it."""
    for folder in folders:
        for name in ("cpuset.cpus.effective", "cpuset.effective_cpus", "cpuset.cpus", "cpus"):
            cpus = cpu_list(source.text(f"{folder}/{name}"))
            if cpus:
                return cpus, f"{folder}/{name}"
    return None, ""


_MEMORY = ("memory.max", "memory.high", "memory.limit_in_bytes")


def _memory(source: Source, folder: str) -> list[Bound]:
    """Hard limits, and ``memory.high``, above which a group is slowed until it frees memory."""
    found = [(source.number(f"{folder}/{name}"), f"{folder}/{name}") for name in _MEMORY]
    found.append((_stat(source, folder, "hierarchical_memory_limit"), f"{folder}/memory.stat"))
    return [Bound(v, path) for v, path in found if v is not None and 0 <= v < UNLIMITED]


def _free(source: Source, folder: str) -> Bound | None:
    """What the group may still take; file pages that nobody uses are given back on demand."""
    limit = _least(list(_memory(source, folder)))
    used = source.number(f"{folder}/memory.current")
    inactive = _stat(source, folder, "inactive_file")
    if used is None:
        used = source.number(f"{folder}/memory.usage_in_bytes")
        inactive = _stat(source, folder, "total_inactive_file")
    if limit is None or used is None:
        return None
    return Bound(max(0, limit.value - max(0, used - (inactive or 0))), limit.source)


def _stat(source: Source, folder: str, key: str) -> int | None:
    text = source.text(f"{folder}/memory.stat") or ""
    match = re.search(rf"^{key} (\d{{1,20}})$", text, re.MULTILINE | re.ASCII)
    return int(match[1]) if match else None
