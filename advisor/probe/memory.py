"""Host memory, without what belongs to GPUs (kernel: filesystems/proc, "meminfo")."""

import re

import msgspec

from advisor.machine import Gap, HugePages, Memory
from advisor.probe import dimms
from advisor.probe.numa import Numa
from advisor.probe.parse import pairs, size
from advisor.probe.source import Source

PATH = "/proc/meminfo"
_HUGE = "/sys/kernel/mm/hugepages"
_SHARED = "space:/dev/shm"
_TRANSPARENT = "/sys/kernel/mm/transparent_hugepage/enabled"


class Seen(msgspec.Struct, frozen=True):
    """Memory and what could not be found out about it."""

    memory: Memory
    gaps: tuple[Gap, ...]


def look(source: Source, numa: Numa) -> Seen:
    """See how much memory the host has and could give now."""
    lines = pairs(source.text(PATH))
    gpu = sum(node.memory or 0 for node in numa.nodes if node.gpu)
    total = size(lines.get("MemTotal"))
    total = total - gpu if total else _nodes(numa)
    available = _available(lines, numa)
    gaps = []
    if total is None:
        gaps.append(Gap("memory.total_bytes", source.why(PATH)))
    fitted = dimms.look(source)
    if available is None:
        why = "the kernel is older than 3.14, which first told it" if lines else source.why(PATH)
        gaps.append(Gap("memory.available_bytes", why))
    memory = Memory(
        total_bytes=total,
        available_bytes=available,
        modules=fitted.modules,
        channels=fitted.channels,
        bandwidth_bytes_per_second=fitted.bandwidth,
        huge_pages=_huge(source),
        transparent_huge_pages=_transparent(source),
        swap_total_bytes=size(lines.get("SwapTotal")),
        swap_free_bytes=size(lines.get("SwapFree")),
        shared_bytes=_shared(source),
    )
    return Seen(memory, (*gaps, *fitted.gaps))


def _available(lines: dict[str, str], numa: Numa) -> int | None:
    """What programs could take without swapping; what is free on GPUs is not for them."""
    available = size(lines.get("MemAvailable"))
    gpu = sum(node.free or 0 for node in numa.nodes if node.gpu)
    return max(0, available - gpu) if available is not None else None


def _huge(source: Source) -> tuple[HugePages, ...] | None:
    found = []
    for name in source.names(_HUGE)[:16]:
        page = size(name.removeprefix("hugepages-"))
        total = source.number(f"{_HUGE}/{name}/nr_hugepages")
        if page and total is not None:
            found.append(HugePages(page, total, source.number(f"{_HUGE}/{name}/free_hugepages")))
    return tuple(found) or None


def _shared(source: Source) -> int | None:
    """The size of the file system through which processes hand each other tensors."""
    space = source.process(_SHARED) if source.linux and source.running else None
    total = space.get("total") if isinstance(space, dict) else None
    return total if isinstance(total, int) else None


def _transparent(source: Source) -> str | None:
    """The choice in force stands in brackets: ``always [madvise] never``."""
    match = re.search(r"\[(\w{1,20})\]", source.text(_TRANSPARENT) or "")
    return match[1] if match else None


def _nodes(numa: Numa) -> int | None:
    """The sum over nodes, where all of them tell theirs."""
    own = [node.memory for node in numa.nodes if not node.gpu]
    return sum(m for m in own if m) if own and None not in own else None
