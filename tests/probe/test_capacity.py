"""The ledger goes from the case to this process, and marks what binds."""

import pytest

from advisor.machine import Limit
from advisor.probe.capacity import Host, look, mark
from advisor.probe.mounts import Mount
from advisor.probe.numa import Node, Numa
from tests.forest import grow

V2 = (Mount("/cg", "cgroup2", "cgroup2", frozenset()),)
OWN = {"/proc/self/cgroup": "0::/"}
NUMA = Numa((Node(0, frozenset(range(4)), 600), Node(1, frozenset(range(4, 8)), 400)), 2, ())
HOST = Host(frozenset(range(8)), NUMA, 1000, 900)


def levels(lines):
    return [(line.level, line.value) for line in lines]


def binding(lines):
    return next(line.level for line in lines if line.binding)


@pytest.mark.parametrize(
    ("files", "facts", "threads", "lines", "binds"),
    [
        ({"/proc/self/status": "Cpus_allowed_list:\t0-127"}, {}, 8,
         [("physical", 8), ("affinity", 8)], "physical"),
        ({"/proc/self/status": "Cpus_allowed_list:\t0"}, {}, 1,
         [("physical", 8), ("affinity", 1)], "affinity"),
        ({}, {"affinity": [0, 1, 2]}, 3, [("physical", 8), ("affinity", 3)], "affinity"),
        ({**OWN, "/cg/cpu.max": "150000 100000"}, {}, 2,
         [("physical", 8), ("cgroup quota", 1.5)], "cgroup quota"),
        ({**OWN, "/cg/cpuset.cpus.effective": "0-3", "/proc/self/status": "Cpus_allowed_list: 2-5"},
         {}, 2, [("physical", 8), ("cpuset", 4), ("affinity", 2)], "affinity"),
        # Wanting more, or less, threads is no limit.
        ({"/proc/self/status": "Cpus_allowed_list: 0-7"}, {"env:OMP_NUM_THREADS": "2"}, 8,
         [("physical", 8), ("affinity", 8), ("OMP_NUM_THREADS", 2)], "physical"),
        ({}, {"env:OMP_NUM_THREADS": "many"}, None, [("physical", 8)], "physical"),
    ],
)  # fmt: skip
def test_cpus(files, facts, threads, lines, binds):
    ledger = look(grow(files, facts=facts), V2, HOST)
    assert ledger.threads_allowed == threads
    assert levels(ledger.lines["cpu"]) == lines
    assert binding(ledger.lines["cpu"]) == binds
    assert [gap.what for gap in ledger.gaps] == ([] if threads else ["cpu.threads_allowed"])


LIMITS = """Limit                     Soft Limit           Hard Limit           Units
Max data size             unlimited            unlimited            bytes
Max address space         300                  unlimited            bytes
"""


@pytest.mark.parametrize(
    ("files", "lines", "binds"),
    [
        ({}, [("physical", 1000), ("free now", 900)], "free now"),
        ({**OWN, "/cg/memory.max": "500", "/cg/memory.current": "450"},
         [("physical", 1000), ("cgroup", 500), ("free in cgroup", 50), ("free now", 900)],
         "free in cgroup"),
        ({"/proc/self/limits": LIMITS, "/proc/self/status": "VmSize:\t 0 kB"},
         [("physical", 1000), ("rlimit address space", 300), ("free now", 900)],
         "rlimit address space"),
        ({"/proc/self/limits": LIMITS, "/proc/self/status": "VmSize:\t 1 kB"},
         [("physical", 1000), ("rlimit address space", 0), ("free now", 900)],
         "rlimit address space"),
        ({"/proc/self/status": "Mems_allowed_list:\t1"},
         [("physical", 1000), ("cpuset nodes", 400), ("free now", 900)], "cpuset nodes"),
        ({"/proc/self/status": "Mems_allowed_list:\t0-63"},
         [("physical", 1000), ("free now", 900)], "free now"),
    ],
)  # fmt: skip
def test_memory(files, lines, binds):
    ledger = look(grow(files), V2, HOST).lines["memory"]
    assert levels(ledger) == lines
    assert binding(ledger) == binds


def test_nothing_known_binds_nothing():
    ledger = look(grow(), (), Host(frozenset(), Numa((), None, ()), None, None))
    assert ledger.lines == {"cpu": (), "memory": ()}


def test_of_equals_the_widest_level_binds():
    lines = mark([Limit("a", 2, ""), Limit("b", 2, ""), Limit("c", None, "")])
    assert [line.binding for line in lines] == [True, False, False]
