"""A tree's links are followed inside it, and never out of it."""

import pytest

from advisor.probe.doors.tree import Tree
from advisor.probe.source import Unread


@pytest.fixture
def tree(tmp_path):
    (tmp_path / "secret").write_text("outside")
    root = tmp_path / "root"
    (root / "sys/devices/pci/net").mkdir(parents=True)
    (root / "sys/class").mkdir()
    (root / "sys/devices/pci/vendor").write_text("0x10de")
    links = {
        "sys/class/up": "../devices/pci",
        "sys/class/absolute": "/sys/devices/pci/vendor",
        "sys/class/out": "../../../secret",
        "sys/class/away": str(tmp_path / "secret"),
        "sys/class/loop": "loop",
        "sys/class/a": "b/x",
        "sys/class/b": "a/x",
        "sys/devices/pci/net/device": "../../pci",
        "sys/class/deep": "/".join(["x"] * 1000),
    }
    for name, target in links.items():
        (root / name).symlink_to(target)
    return Tree(root)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/sys/class/up/vendor", b"0x10de"),
        ("/sys/class/absolute", b"0x10de"),
        ("/sys/class/up/net/device/../pci/vendor", b"0x10de"),
        ("/../../sys/devices/pci/vendor", b"0x10de"),
        ("sys//devices/./pci/vendor", b"0x10de"),
    ],
)
def test_inside(tree, path, text):
    assert tree.read(path) == text


@pytest.mark.parametrize("name", ["out", "away", "loop", "a", "deep", "none", "up", "x" * 300])
def test_refused(tree, name):
    assert isinstance(tree.read(f"/sys/class/{name}"), Unread)


def test_link_says_where_it_leads(tree):
    assert tree.link("/sys/class/up/net/device") == "/sys/devices/pci"
    assert tree.link("/") == "/"
    assert tree.names("/sys/devices") == ("pci",)


def test_knows_nothing_of_this_system(tree):
    assert isinstance(tree.run(("uname",)), Unread)
    assert isinstance(tree.process("affinity"), Unread)
