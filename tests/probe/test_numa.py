"""Nodes with CPUs count; memory, duplicates and GPUs do not."""

import pytest

from advisor.probe.cpuinfo import read
from advisor.probe.numa import look
from tests.forest import grow

NODE = "/sys/devices/system/node"
MEMORY = "Node 0 MemTotal:       1024 kB\nNode 0 MemFree: 1 kB"


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({f"{NODE}/node0/cpulist": "0-3", f"{NODE}/node2/cpulist": "4-7"}, 2),
        ({f"{NODE}/node0/cpulist": "0-3", f"{NODE}/node1/cpulist": ""}, 1),
        ({f"{NODE}/node0/cpumap": "0000000f", f"{NODE}/node1/cpumap": "00000000"}, 1),
        ({f"{NODE}/node{n}/cpulist": "0-7" for n in range(8)}, 1),
        ({f"{NODE}/node0/cpu3/online": "1"}, 1),
        ({f"{NODE}/node0/meminfo": MEMORY}, None),
        ({}, None),
    ],
)
def test_nodes_with_cpus(files, count):
    seen = look(grow(files), read(""))
    assert seen.with_cpus == count
    assert [gap.what for gap in seen.gaps] == ([] if count else ["cpu.numa_nodes"])


def test_a_gpu_may_be_a_node():
    status = "/proc/driver/nvidia/gpus/0004:04:00.0/numa_status"
    files = {
        f"{NODE}/node0/cpulist": "0", f"{NODE}/node0/meminfo": MEMORY,
        f"{NODE}/node255/cpulist": "", f"{NODE}/node255/meminfo": MEMORY.replace("1024", "9"),
        status: "Node:      255\nStatus:    online\n",
    }  # fmt: skip
    nodes = look(grow(files), read("")).nodes
    assert [(n.number, n.memory, n.gpu) for n in nodes] == [(0, 1 << 20, False), (255, 9216, True)]


@pytest.mark.parametrize(("cpu", "gpu"), [("POWER9, altivec supported", True), ("Xeon", False)])
def test_gpu_nodes_of_power9_without_the_driver(cpu, gpu):
    files = {f"{NODE}/node0/cpulist": "0", f"{NODE}/node252/meminfo": MEMORY}
    nodes = look(grow(files), read(f"processor: 0\ncpu: {cpu}")).nodes
    assert [node.gpu for node in nodes] == [False, gpu]
