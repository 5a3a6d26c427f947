"""Memory bandwidth: copy and triad in main memory, and over a ladder of sizes."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from advisor.bench.arrays import fresh_write
from advisor.bench.hands import Hands
from advisor.bench.task import Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "memory copy and triad, in main memory and over a ladder of sizes"
TORCH = False

# STREAM's rule: each array at least four times the last-level cache (McCalpin, STREAM's run rules).
CACHE_MULTIPLE = 4
# Where the cache's size is unknown, arrays are as large as four of the largest caches sold now
# would ask (AMD EPYC 9684X: 1,152 MiB) only if memory allows; smaller ones are doubted.
_LEAST_BYTES = 256 * 2**20
# One array's size on the ladder, from a level-1 cache to main memory.
LADDER = tuple(2**power for power in (14, 16, 18, 20, 22, 24, 26, 28))
_ARRAYS = 3
# What a large activation takes; glibc maps such blocks one by one and gives them back when freed.
_FRESH_BYTES = 8 * 2**20
# A batch is long, so that a hypervisor's own work for pages given back to it counts once.
_FRESH_SECONDS = 0.03
# Bytes that a call asks for, per byte of one array: copy reads one and writes one, triad 2 + 1.
_MOVED = {"copy": 2, "triad": 3}


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan copy and triad in main memory, all through the run; the ladder where torch is."""
    for place in site.places:
        size = array_bytes(place)
        if size is not None:
            for kind in _MOVED if place.torch else ("copy",):
                yield _task(place, kind, size, at=False)
        if place.kind == "cpu":
            yield _fresh(place)
        if place.torch is None or size is None:
            continue
        for kind in _MOVED:
            for step in LADDER:
                if step <= size:
                    yield _task(place, kind, step, at=True)


def _fresh(place: Place) -> Task:
    return Task(
        benchmark="memory",
        name="memory.fresh",
        device=place.device,
        unit="bytes/s",
        work=float(_FRESH_BYTES),
        conditions={"bytes": _FRESH_BYTES},
        bytes=_FRESH_BYTES,
        rank=1,
        samples=3,
        batch_seconds=_FRESH_SECONDS,
    )


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing more: copy and triad in main memory were begun with the ladder."""
    return iter(())


def array_bytes(place: Place) -> int | None:
    """Return the size of one array: past the cache, three of them within the room there is."""
    if place.memory_bytes is None:
        return None
    wanted = max(CACHE_MULTIPLE * (place.cache_bytes or 0), _LEAST_BYTES)
    return min(wanted, int(place.memory_bytes * 0.75) // _ARRAYS) // 2**20 * 2**20 or None


def _task(place: Place, kind: str, size: int, *, at: bool) -> Task:
    return Task(
        benchmark="memory",
        name=f"memory.{kind}.at" if at else f"memory.{kind}",
        device=place.device,
        torch=place.torch,
        hardware=place.hardware,
        unit="bytes/s",
        work=float(_MOVED[kind] * size),
        conditions={"bytes": size, "cache_bytes": place.cache_bytes},
        bytes=_ARRAYS * (array_bytes(place) or size),
        rank=-2,  # faulting memory in takes its time before the others share the rest
        batch_seconds=place.batch_seconds,
        lasting=not at,
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Make one pass over arrays that are kept and reused, so that no page is faulted in again."""
    _, kind, *at = task.name.split(".")
    if kind == "fresh":
        return Ready(call=fresh_write(_FRESH_BYTES), conditions={"method": "mmap, memset, munmap"})
    size = _size(task, hands)
    call, method = _call(task, hands, kind, size, at=bool(at))
    return Ready(
        call=call,
        work=float(_MOVED[kind] * size),
        conditions={"method": method, "bytes": size},
        doubt=None if at else _doubt(task, size),
    )


def _size(task: Task, hands: Hands) -> int:
    size = int(task.conditions["bytes"] or 0)
    if task.torch not in {None, "cpu"}:
        return size
    return min(size, hands.blocks(task.bytes // _ARRAYS).size)


def _call(
    task: Task, hands: Hands, kind: str, size: int, *, at: bool
) -> tuple[Callable[[], object], str]:
    if kind == "copy" and not at and task.torch in {None, "cpu"}:
        return hands.blocks(size).copy(size), "libc memcpy"
    a, b, c = (_array(hands, task.torch or "cpu", size, role) for role in range(_ARRAYS))
    if kind == "copy":
        return lambda: a.copy_(b), "torch copy_"
    add = hands.torch.add
    return lambda: add(b, c, alpha=3.0, out=a), "torch add, a = b + 3·c"


def _array(hands: Hands, device: str, size: int, role: int) -> Any:
    count = size // 4
    if device != "cpu":
        return hands.normal(f"array {role}", count, "fp32", device)
    block = hands.blocks(size).maps[role]
    return hands.torch.frombuffer(block, dtype=hands.torch.float32, count=count)


def _doubt(task: Task, size: int) -> str | None:
    cache = task.conditions["cache_bytes"]
    if cache is None:
        return "may be cache: its size is unknown"
    if size >= CACHE_MULTIPLE * int(cache):
        return None
    return "may be cache: too little free memory, or too little time to fault it in"
