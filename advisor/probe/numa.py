"""NUMA nodes: with CPUs or without, with memory or without (kernel: ABI sysfs-devices-node).

Node numbers may have holes; a node may hold only memory (CXL, Optane, HBM, a GPU's memory), only
CPUs, or neither; a broken firmware lists every CPU in every node.
"""

import re

import msgspec

from advisor.machine import Gap
from advisor.probe.cpuinfo import CpuInfo
from advisor.probe.parse import cpu_list, cpu_mask, size
from advisor.probe.source import Source
from advisor.probe.topology import Set

ROOT = "/sys/devices/system/node"
_POWER9_GPUS = 240
_GPUS = "/proc/driver/nvidia/gpus"


class Node(msgspec.Struct, frozen=True):
    """One node: its CPUs, and its memory in bytes (None: not told)."""

    number: int
    cpus: Set
    memory: int | None
    free: int | None = None
    gpu: bool = False


class Numa(msgspec.Struct, frozen=True):
    """All nodes; ``with_cpus`` counts different sets of CPUs, so a duplicate does not count."""

    nodes: tuple[Node, ...]
    with_cpus: int | None
    gaps: tuple[Gap, ...]


def look(source: Source, info: CpuInfo) -> Numa:
    """See the nodes, and which of them are a GPU's memory."""
    numbers = source.numbered(ROOT, "node")
    gpus = _gpu_nodes(source)
    if (info.any("cpu") or "").startswith("POWER9"):
        # Without the driver's word: firmware numbers GPUs' memory down from 255 (skiboot, npu2.c).
        gpus |= {number for number in numbers if number >= _POWER9_GPUS}
    nodes = tuple(_node(source, number, gpus) for number in numbers)
    sets = {node.cpus for node in nodes if node.cpus}
    if sets:
        return Numa(nodes, len(sets), ())
    why = "no node lists a CPU" if nodes else source.why(ROOT)
    return Numa(nodes, None, (Gap("cpu.numa_nodes", why),))


def _node(source: Source, number: int, gpus: frozenset[int]) -> Node:
    folder = f"{ROOT}/node{number}"
    cpus = cpu_list(source.text(f"{folder}/cpulist"))
    if cpus is None:
        cpus = cpu_mask(source.text(f"{folder}/cpumap"))
    if cpus is None:
        cpus = frozenset(source.numbered(folder, "cpu"))
    text = source.text(f"{folder}/meminfo") or ""
    found = (re.search(rf"{word}:\s*(\d{{1,15}} kB)", text) for word in ("MemTotal", "MemFree"))
    total, free = (size(match[1]) if match else None for match in found)
    return Node(number, cpus, total, free, gpu=number in gpus and not cpus)


def _gpu_nodes(source: Source) -> frozenset[int]:
    """Nodes that the NVIDIA driver made of GPU memory (POWER9 with NVLink, Grace Hopper)."""
    texts = (source.text(f"{_GPUS}/{gpu}/numa_status") or "" for gpu in source.names(_GPUS))
    found = (re.search(r"^Node:\s*(\d{1,5})\s*$", text, re.MULTILINE) for text in texts)
    return frozenset(int(match[1]) for match in found if match)
