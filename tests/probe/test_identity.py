"""A host's name stays the same, tells nothing, and changes with its GPUs."""

import pytest

from advisor.probe import identity, tree

ID = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize("place", ["etc/machine-id", "var/lib/dbus/machine-id"])
def test_identity(tmp_path, place):
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text(ID + "\n")
    name = identity(tree(tmp_path))
    assert name is not None
    assert len(name) == 16
    assert name not in ID
    assert name == identity(tree(tmp_path))
    assert identity(tree(tmp_path), ("GPU-1",)) != name
    assert identity(tree(tmp_path), ("GPU-1", "GPU-2")) == identity(
        tree(tmp_path), ("GPU-2", "GPU-1")
    )


def test_a_host_without_a_name(tmp_path):
    assert identity(tree(tmp_path)) is None
    assert identity(tree(tmp_path), ("GPU-1",)) is not None
