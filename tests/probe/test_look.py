"""A look gathers what its parts saw."""

import pytest

from advisor.machine import Software, binding
from advisor.probe import live, look, tree
from advisor.probe.look import merge


def test_an_empty_tree_tells_nothing_and_says_so(tmp_path):
    machine = look(tree(tmp_path), directory=tmp_path)
    assert machine.cpu.cores is None
    assert machine.memory.total_bytes is None
    assert machine.disks == ()
    told = {gap.what for gap in machine.gaps}
    assert {"cpu.cores", "cpu.threads_allowed", "memory.total_bytes", "software.os"} <= told


@pytest.mark.skipif(not live().linux, reason="this system has no /proc")
def test_this_machine(tmp_path):
    machine = look(live(), directory=tmp_path)
    assert machine.cpu.threads_online >= machine.cpu.threads_allowed >= 1
    assert machine.memory.total_bytes > machine.memory.available_bytes > 0
    assert binding(machine, "cpu").value <= machine.cpu.threads_online
    assert binding(machine, "memory").value <= machine.memory.total_bytes
    assert machine.disks[0].free_bytes > 0
    assert machine.software.python


def test_drivers_fill_in_what_they_know():
    host = Software(os="Debian", kernel="6.1")
    assert merge(host, Software(driver="550")) == Software(os="Debian", kernel="6.1", driver="550")
