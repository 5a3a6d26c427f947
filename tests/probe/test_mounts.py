"""Mounts are read from either table, with their escapes undone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.mounts import Mount, look, under
from tests.forest import grow

INFO = r"36 35 98:0 /mnt1 /a\040b rw,noatime master:1 shared:2 - ext3 /dev/root rw,errors=continue"


def test_mountinfo():
    (mount,) = look(grow({"/proc/self/mountinfo": INFO + "\nshort line\n- - - - - - -\n"}))
    assert mount == Mount(
        "/a b",
        "ext3",
        "/dev/root",
        frozenset({"rw", "noatime", "errors=continue"}),
        "/mnt1",
        "98:0",
    )


@pytest.mark.parametrize("path", ["/proc/self/mounts", "/proc/mounts"])
def test_older_tables(path):
    (mount,) = look(grow({path: "none /dev/cpuset cgroup rw,cpuset,noprefix 0 0\nbad\n"}))
    assert (mount.point, mount.kind, mount.root) == ("/dev/cpuset", "cgroup", "/")
    assert "cpuset" in mount.options


def at(*points):
    return tuple(Mount(point, "ext4", str(n), frozenset()) for n, point in enumerate(points))


@pytest.mark.parametrize(
    ("points", "path", "number"),
    [
        (("/", "/data"), "/data/x", 1),
        (("/", "/data"), "/database", 0),
        (("/", "/data", "/data"), "/data", 2),
        (("/data",), "/", None),
        ((), "/", None),
    ],
)
def test_under(points, path, number):
    found = under(at(*points), path)
    assert (found and int(found.origin)) == number


@given(st.text())
def test_no_text_breaks_it(text):
    for path in ("/proc/self/mountinfo", "/proc/self/mounts"):
        look(grow({path: text.encode("utf-8", "replace")}))
