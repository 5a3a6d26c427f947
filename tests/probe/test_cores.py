"""Kinds of cores are told by counters, names, capacity or caches, never by clocks."""

import pytest

from advisor.machine import CoreType
from advisor.probe.caches import Caches, Instance
from advisor.probe.cores import look
from advisor.probe.topology import Topology
from tests.forest import CPU, grow

SEEN = Topology(
    online=frozenset(range(4)), present=frozenset(range(4)),
    siblings=(frozenset({0, 1}), frozenset({2}), frozenset({3})), packages=None, gaps=(),
)  # fmt: skip
COUNTERS = {"/sys/devices/cpu_core/cpus": "0-1", "/sys/devices/cpu_atom/cpus": "2-3"}
BOTH = (CoreType("performance", (0, 1), 1), CoreType("efficiency", (2, 3), 2))
NAMES = {0: "Cortex-X3", 1: "Cortex-X3", 2: "Cortex-A510", 3: "Cortex-A510"}

SIZES = ["1024", "1024", "400", "400"]
CORE = {"/sys/devices/cpu_core/cpus": "0-3"}


def caches(*sizes):
    found = tuple(Instance(1, "data", size, frozenset({cpu})) for cpu, size in enumerate(sizes))
    return Caches(found, None, None, ())


@pytest.mark.parametrize(
    ("files", "names", "sizes", "kinds"),
    [
        (COUNTERS, {}, (), BOTH),
        (CORE, {}, (), (CoreType("performance", (0, 1, 2, 3), 3),)),
        # Counters that do not tell of every CPU are passed over.
        ({"/sys/devices/cpu_core/cpus": "0-1"}, {}, (), None),
        ({}, NAMES, (), (CoreType("Cortex-X3", (0, 1), 1), CoreType("Cortex-A510", (2, 3), 2))),
        ({f"{CPU}/cpu{c}/cpu_capacity": n for c, n in enumerate(SIZES)}, {},
         (), (CoreType("capacity 1024", (0, 1), 1), CoreType("capacity 400", (2, 3), 2))),
        ({}, {}, (48 << 10, 48 << 10, 32 << 10, 32 << 10), BOTH),
        ({}, {}, (32 << 10,) * 4, (CoreType("uniform", (0, 1, 2, 3), 3),)),
        ({}, {}, (32 << 10, 32 << 10), None),
        ({}, {}, (1, 2, 3, 4), None),
        ({}, {}, (), None),
    ],
)  # fmt: skip
def test_kinds(files, names, sizes, kinds):
    assert look(grow(files), SEEN, names, caches(*sizes)) == kinds
