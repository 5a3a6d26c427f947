"""A look gathers what its parts saw."""

from advisor.machine import Software
from advisor.probe import look, tree
from advisor.probe.look import merge


def test_an_empty_tree_tells_nothing(tmp_path):
    machine = look(tree(tmp_path), directory=tmp_path)
    assert machine.cpu.cores is None
    assert machine.memory.total_bytes is None


def test_drivers_fill_in_what_they_know():
    host = Software(os="Debian", kernel="6.1")
    assert merge(host, Software(driver="550")) == Software(os="Debian", kernel="6.1", driver="550")
