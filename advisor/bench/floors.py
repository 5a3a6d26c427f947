"""How much two runs differ at least, by class: the narrowest interval that may be claimed."""

from advisor.bench.task import Task

# Half widths, as shares: 1.96·√2 times the spread between runs, rounded up.
# A guest: a dozen runs, half of them shorter than the default, within an hour on a two-core KVM
# guest (Xeon, Sapphire Rapids family, 2026-11) spread by 3-4 % in matmul, 1-2 % in memory, 2-3 %
# in launches and data loading. Of three others (AMD EPYC, two cores each) one read 3.5 to 4.1 GB/s
# from its disk in a dozen processes; the second 1.0 to 1.4 in three default runs, with fp16 at 39
# to 46 GFLOP/s; the third 1.3 to 1.45 in nine, with bf16 at 0.91 to 1.0 TFLOP/s. Main memory is
# shared with guests that are not seen, and hosts move their guests: triad stood at 31 to 33 GB/s
# on the second in seven quiet runs within an hour, and at 37 to 38 in two; on the third it ran at
# 47 or at 78 for seconds each, so that fourteen runs within an hour gave 42 to 65, and copies 36
# to 69: spreads of 15 and 20 %. Bare hosts and accelerators: set, not measured; the
# first runs on such machines will tell.
_GUEST = 0.10
_GUEST_HALF = 0.14
_GUEST_MEMORY = 0.45
_GUEST_LADDER = 0.05
_GUEST_DISK = 0.25
_HOST = 0.03
_HOST_DISK = 0.10
_ACCELERATOR = 0.03
# A host that moves its guest's processors: what several threads do in less than so many seconds
# took up to twice as long in one place as in another, for ten to forty seconds at a time (handing
# work over 6.7 or 13.5 µs). Of nine quiet runs within two hours on a guest of two cores (AMD EPYC,
# 2026-11) such points lay within 40 % of one another 95 times in 100, longer ones within 10 %.
_SHORT_SECONDS = 0.003
_GUEST_SHORT = 0.40


def floor(task: Task, *, virtual: bool) -> float:
    """Return the least half width, as a share of the value; ``virtual`` under a hypervisor."""
    if task.device.startswith("disk"):
        return _GUEST_DISK if virtual else _HOST_DISK
    if task.device != "cpu":
        return _ACCELERATOR
    if not virtual:
        return _HOST
    if task.benchmark != "memory":
        return _GUEST_HALF if task.dtype in {"bf16", "fp16"} else _GUEST
    cached = int(task.conditions.get("bytes") or 0) <= int(task.conditions.get("cache_bytes") or 0)
    return _GUEST_LADDER if cached and task.name.endswith(".at") else _GUEST_MEMORY


def moves(task: Task, seconds: float, *, virtual: bool, threads: int) -> float:
    """Return the half width that a host's moves of its guest add to a call of so many seconds."""
    shared = task.device == "cpu" and task.benchmark != "memory" and threads > 1
    return _GUEST_SHORT if virtual and shared and seconds < _SHORT_SECONDS else 0.0
