"""Host memory is MemTotal without the GPUs' nodes, else the nodes' sum, else unknown."""

import pytest

from advisor.machine import HugePages, Memory
from advisor.probe.memory import look
from advisor.probe.numa import Node, Numa
from tests.forest import grow

NONE = Numa((), None, ())
NODES = Numa((Node(0, frozenset({0}), 600), Node(1, frozenset(), 200)), 1, ())
GPU = Numa(
    (Node(0, frozenset({0}), 600 << 10), Node(255, frozenset(), 2 << 20, 1 << 20, gpu=True)), 1, ()
)


@pytest.mark.parametrize(
    ("text", "numa", "memory", "gaps"),
    [
        ("MemTotal: 1024 kB\nMemAvailable: 1 kB", NONE, Memory(1 << 20, 1024), set()),
        ("MemTotal: 4096 kB\nMemAvailable: 1025 kB", GPU, Memory(2 << 20, 1024), set()),
        ("MemTotal: 1024 kB", NONE, Memory(1 << 20), {"memory.available_bytes"}),
        ("", NODES, Memory(800), {"memory.available_bytes"}),
        ("", NONE, Memory(), {"memory.total_bytes", "memory.available_bytes"}),
        ("MemTotal: lots", NONE, Memory(), {"memory.total_bytes", "memory.available_bytes"}),
    ],
)
def test_memory(text, numa, memory, gaps):
    seen = look(grow({"/proc/meminfo": text} if text else {}), numa)
    assert seen.memory == memory
    assert {gap.what for gap in seen.gaps} == {*gaps, "memory.modules"}


def test_huge_pages():
    pages = "/sys/kernel/mm/hugepages/hugepages-2048kB"
    files = {
        f"{pages}/nr_hugepages": "10",
        f"{pages}/free_hugepages": "4",
        "/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never",
    }
    memory = look(grow(files), NONE).memory
    assert memory.huge_pages == (HugePages(2 << 20, 10, 4),)
    assert memory.transparent_huge_pages == "madvise"


def test_an_old_kernel_is_the_reason():
    seen = look(grow({"/proc/meminfo": "MemTotal: 1024 kB"}), NONE)
    assert "3.14" in seen.gaps[0].why


def test_swap_and_shared_memory():
    swap = {"/proc/meminfo": "MemTotal: 1 kB\nMemAvailable: 1 kB\nSwapTotal: 8 kB\nSwapFree: 6 kB"}
    shared = {"space:/dev/shm": {"total": 64 << 20, "free": 1}}
    memory = look(grow(swap, facts=shared, kind="live"), NONE).memory
    assert (memory.swap_total_bytes, memory.swap_free_bytes) == (8192, 6144)
    assert memory.shared_bytes == 64 << 20
