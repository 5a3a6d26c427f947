"""How much two runs differ at least, by class: the narrowest interval that may be claimed."""

from advisor.bench.task import Task

# Half widths, as shares: 1.96·√2 times the spread between runs, rounded up.
# A guest: a dozen runs, half of them shorter than the default, within an hour on a two-core KVM
# guest (Xeon, Sapphire Rapids family, 2026-11) spread by 3-4 % in matmul, 1-2 % in memory, 2-3 %
# in launches and data loading; the disk of another (EPYC 9005, two cores) gave 3.5 to 4.1 GB/s in a
# dozen processes once the pages that it reads into lay apart in all of them. Main memory is shared
# with guests that are not seen: on a third (EPYC, Zen 4, two cores) triad stood at 31 to 33 GB/s in
# seven quiet runs within an hour, and at 37 to 38 in two. Bare hosts and accelerators: set, not
# measured; the first runs on such machines will tell.
_GUEST = 0.10
_GUEST_MEMORY = 0.20
_GUEST_LADDER = 0.05
_GUEST_DISK = 0.15
_HOST = 0.03
_HOST_DISK = 0.10
_ACCELERATOR = 0.03


def floor(task: Task, *, virtual: bool) -> float:
    """Return the least half width, as a share of the value; ``virtual`` under a hypervisor."""
    if task.device.startswith("disk"):
        return _GUEST_DISK if virtual else _HOST_DISK
    if task.device != "cpu":
        return _ACCELERATOR
    if not virtual:
        return _HOST
    if task.benchmark != "memory":
        return _GUEST
    return _GUEST_MEMORY if task.name in {"memory.copy", "memory.triad"} else _GUEST_LADDER
