"""Host memory, without what belongs to GPUs (kernel: filesystems/proc, "meminfo")."""

import msgspec

from advisor.machine import Gap, Memory
from advisor.probe.numa import Numa
from advisor.probe.parse import pairs, size
from advisor.probe.source import Source

PATH = "/proc/meminfo"


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
    available = size(lines.get("MemAvailable"))
    gaps = []
    if total is None:
        gaps.append(Gap("memory.total_bytes", source.why(PATH)))
    if available is None:
        why = "the kernel is older than 3.14, which first told it" if lines else source.why(PATH)
        gaps.append(Gap("memory.available_bytes", why))
    return Seen(Memory(total, available), tuple(gaps))


def _nodes(numa: Numa) -> int | None:
    """The sum over nodes, where all of them tell theirs."""
    own = [node.memory for node in numa.nodes if not node.gpu]
    return sum(m for m in own if m) if own and None not in own else None
