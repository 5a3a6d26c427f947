"""CPUs, cores and packages, also where files are missing, sparse, offline or contradictory."""

import pytest

from advisor.probe.cpuinfo import read
from advisor.probe.topology import look
from tests.forest import CPU, cpus, grow

PAIRS = cpus({0: "0,2", 1: "1,3", 2: "0,2", 3: "1,3"}, {1: 1, 3: 1}, online="0-3")


def sets(*groups):
    return tuple(frozenset(group) for group in groups)


def test_siblings_make_cores():
    seen = look(grow(PAIRS), read(""))
    assert seen.online == {0, 1, 2, 3}
    assert seen.siblings == sets({0, 2}, {1, 3})
    assert seen.packages == {0: 0, 1: 1, 2: 0, 3: 1}


OFFLINE = {f"{CPU}/present": "0-3", f"{CPU}/online": "0,3", f"{CPU}/cpu1/online": "0"}
SWITCHES = {f"{CPU}/cpu1/online": "0", f"{CPU}/cpu2/online": "1"}
MASKS = {f"{CPU}/cpu{c}/topology/thread_siblings": m for c, m in enumerate(["5", "a", "5", "a"])}
IDS = {f"{CPU}/cpu{c}/topology/core_id": str(c % 2) for c in range(4)}
PACKAGES = {f"{CPU}/cpu{c}/topology/physical_package_id": "0" for c in range(4)}


@pytest.mark.parametrize(
    ("files", "text", "online", "present", "cores"),
    [
        ({**cpus({0: "0-1", 3: "3"}), **OFFLINE}, "", {0, 3}, {0, 1, 2, 3}, sets({0}, {3})),
        # No list at all: each CPU's switch, and cpu0, which has none.
        ({**cpus({0: "0", 2: "2"}), **SWITCHES}, "", {0, 2}, {0, 1, 2}, sets({0}, {2})),
        # cpu0 can be offline too: then /proc/cpuinfo does not list it.
        ({**cpus({0: "0", 2: "2"}), **SWITCHES}, "processor: 2", {2}, {0, 1, 2}, sets({2})),
        # /proc/cpuinfo that numbers anew (lxcfs) is no witness of what is offline.
        (cpus({8: "8", 9: "9"}), "processor: 0\n\nprocessor: 1", {8, 9}, {8, 9}, sets({8}, {9})),
        (MASKS, "", {0, 1, 2, 3}, {0, 1, 2, 3}, sets({0, 2}, {1, 3})),
        ({**IDS, **PACKAGES}, "", {0, 1, 2, 3}, {0, 1, 2, 3}, sets({0, 2}, {1, 3})),
        # One that is not its own sibling: a kernel that contradicts itself.
        (cpus({0: "0", 1: "0"}), "", {0, 1}, {0, 1}, None),
        (IDS, "", {0, 1, 2, 3}, {0, 1, 2, 3}, None),
        ({}, "processor: 0\nphysical id: 0\ncore id: 0\n\nprocessor: 1\nphysical id: 0\ncore id: 0",
         {0, 1}, None, sets({0, 1})),
        ({}, "processor: 0\n\nprocessor: 1\n", {0, 1}, None, None),
        ({}, "processor: 0\nsiblings: 2\ncore id: 0\n\nprocessor: 1\nsiblings: 2\ncore id: 1",
         {0, 1}, None, sets({0}, {1})),
        # x86 kernels leave the ids out where every package is one core of one thread.
        ({}, "processor: 0\nflags: fpu\n\nprocessor: 1\nflags: fpu", {0, 1}, None, sets({0}, {1})),
        ({}, "processor: 5", {5}, None, sets({5})),
        ({}, "# processors : 3", {0, 1, 2}, None, None),
        ({f"{CPU}/online": "garbage"}, "processor: 0", {0}, None, sets({0})),
        ({}, "", None, None, None),
    ],
)  # fmt: skip
def test_what_is_online_and_shares_cores(files, text, online, present, cores):
    seen = look(grow(files), read(text))
    assert seen.online == online
    assert seen.present == present
    assert seen.siblings == cores


def test_packages_that_the_kernel_does_not_know():
    assert look(grow(cpus({0: "0", 1: "1"}, {0: -1, 1: -1})), read("")).packages is None


def test_nothing_known_is_two_gaps():
    gaps = look(grow(), read("")).gaps
    assert {gap.what for gap in gaps} == {"cpu.threads_online", "cpu.threads_present"}
