"""The least limit up the path counts, in version 1, version 2 and both at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.cgroup import look
from advisor.probe.mounts import Mount
from tests.forest import grow

V1 = tuple(
    Mount(f"/sys/fs/cgroup/{name}", "cgroup", "cgroup", frozenset({"rw", *name.split(",")}))
    for name in ("memory", "cpu,cpuacct", "cpuset")
)
V2 = (Mount("/sys/fs/cgroup", "cgroup2", "cgroup2", frozenset({"rw"})),)
HYBRID = (*V1, Mount("/sys/fs/cgroup/unified", "cgroup2", "cgroup2", frozenset({"rw"})))
OWN1 = "4:memory:/a/b\n3:cpu,cpuacct:/a/b\n2:cpuset:/a/b\n0::/a/b"
UNLIMITED = "9223372036854771712"
M, C, S, U = (f"/sys/fs/cgroup/{n}" for n in ("memory", "cpu,cpuacct", "cpuset", "unified"))
ROOT = "/sys/fs/cgroup"


def see(mounts, own, files, own_path="/proc/self/cgroup"):
    return look(grow({own_path: own, **files}), mounts)


def value(bound):
    return bound and bound.value


@pytest.mark.parametrize(
    ("mounts", "own", "files", "quota", "cpus", "memory", "free"),
    [
        (V2, "0::/a", {f"{ROOT}/a/cpu.max": "200000 100000"}, 2.0, None, None, None),
        (V2, "0::/a", {f"{ROOT}/a/cpu.max": "max 100000"}, None, None, None, None),
        (V2, "0::/a", {f"{ROOT}/a/cpu.max": "50000"}, 0.5, None, None, None),
        (V2, "0::/a", {f"{ROOT}/a/cpu.max": "50000 0"}, None, None, None, None),
        (V2, "0::/a", {f"{ROOT}/a/cpu.max": "rubbish here now"}, None, None, None, None),
        # Any ancestor's limit holds.
        (V2, "0::/a/b", {f"{ROOT}/a/cpu.max": "100000 100000", f"{ROOT}/a/b/cpu.max": "max 100000"},
         1.0, None, None, None),
        (V2, "0::/a/b", {f"{ROOT}/a/memory.max": "1000", f"{ROOT}/a/b/memory.max": "max"},
         None, None, 1000, None),
        (V2, "0::/a", {f"{ROOT}/a/memory.max": "1000", f"{ROOT}/a/memory.high": "700",
                       f"{ROOT}/a/memory.current": "300",
                       f"{ROOT}/a/memory.stat": "anon 1\ninactive_file 100\n"},
         None, None, 700, 500),
        (V2, "0::/a", {f"{ROOT}/a/cpuset.cpus.effective": "0-1,4"}, None, {0, 1, 4}, None, None),
        # A group without the controller: the nearest one above has it.
        (V2, "0::/a/b", {f"{ROOT}/a/cpuset.cpus.effective": "0-1"}, None, {0, 1}, None, None),
        (V1, OWN1, {f"{M}/a/b/memory.limit_in_bytes": UNLIMITED}, None, None, None, None),
        (V1, OWN1, {f"{M}/a/memory.limit_in_bytes": "500",
                    f"{M}/a/b/memory.limit_in_bytes": UNLIMITED,
                    f"{M}/a/memory.usage_in_bytes": "450",
                    f"{M}/a/memory.stat": "inactive_file 1\ntotal_inactive_file 50"},
         None, None, 500, 100),
        # In a container the groups above are not there to read.
        (V1, OWN1, {f"{M}/a/b/memory.limit_in_bytes": UNLIMITED,
                    f"{M}/a/b/memory.stat": "hierarchical_memory_limit 900"},
         None, None, 900, None),
        (V1, OWN1, {f"{C}/a/b/cpu.cfs_quota_us": "-1", f"{C}/a/b/cpu.cfs_period_us": "100000"},
         None, None, None, None),
        (V1, OWN1, {f"{C}/a/cpu.cfs_quota_us": "150000", f"{C}/a/cpu.cfs_period_us": "100000"},
         1.5, None, None, None),
        (V1, OWN1, {f"{S}/a/b/cpuset.cpus": "0-3", f"{S}/a/b/cpuset.effective_cpus": "1"},
         None, {1}, None, None),
        # Hybrid: version 1 has the controllers, version 2 is there and empty.
        (HYBRID, OWN1, {f"{M}/a/b/memory.limit_in_bytes": "800", f"{U}/a/b/cgroup.procs": ""},
         None, None, 800, None),
        ((), OWN1, {}, None, None, None, None),
        (V2, "", {f"{ROOT}/cpu.max": "1 1"}, None, None, None, None),
    ],
)  # fmt: skip
def test_limits(mounts, own, files, quota, cpus, memory, free):
    seen = see(mounts, own, files)
    assert value(seen.quota) == quota
    assert seen.cpus == cpus
    assert value(seen.memory) == memory
    assert value(seen.memory_free) == free


def test_a_limit_that_is_seen_is_named_rather_than_its_sum():
    files = {
        f"{M}/a/memory.limit_in_bytes": "900",
        f"{M}/a/b/memory.stat": "hierarchical_memory_limit 900",
    }
    assert see(V1, OWN1, files).memory.source == f"{M}/a/memory.limit_in_bytes"


def test_a_limit_names_its_file():
    seen = see(V2, "0::/a/b", {f"{ROOT}/a/memory.max": "1000", f"{ROOT}/a/b/memory.max": "2000"})
    assert seen.memory.source == f"{ROOT}/a/memory.max"


@pytest.mark.parametrize(
    ("root", "path"),
    [
        ("/docker/1", "/docker/1"),  # the container's group is mounted as the root
        ("/docker/1", "/"),  # a private namespace, told by an older mount
        ("/", "/../../user.slice"),  # outside the namespace
        ("/../..", "/user.slice"),
    ],
)
def test_what_the_mount_shows_of_the_path(root, path):
    mount = (Mount(ROOT, "cgroup2", "cgroup2", frozenset(), root),)
    assert value(see(mount, f"0::{path}", {f"{ROOT}/memory.max": "77"}).memory) == 77


def test_below_the_mounted_group():
    mount = (Mount(ROOT, "cgroup2", "cgroup2", frozenset(), "/docker/1"),)
    files = {f"{ROOT}/x/memory.max": "5", f"{ROOT}/memory.max": "9"}
    assert value(see(mount, "0::/docker/1/x", files).memory) == 5


@pytest.mark.parametrize(
    ("mount", "file"),
    [
        (Mount("/dev/cpuset", "cgroup", "none", frozenset({"cpuset", "noprefix"})), "cpus"),
        (Mount("/dev/cpuset", "cpuset", "none", frozenset({"rw"})), "cpus"),
        (Mount("/dev/cpuset", "cgroup2", "none", frozenset()), "cpuset.cpus.effective"),
    ],
)
def test_kernels_that_only_know_cpusets(mount, file):
    files = {f"/dev/cpuset/job/{file}": "2-3"}
    assert see((mount,), "/job", files, "/proc/self/cpuset").cpus == {2, 3}


def test_a_tree_of_the_files_alone():
    files = {f"{ROOT}/memory.max": "100", f"{ROOT}/cpu.max": "4800000 100000"}
    seen = look(grow(files), ())
    assert (value(seen.memory), value(seen.quota)) == (100, 48)
    assert look(grow({f"{ROOT}/cpu.stat": "usage_usec 1"}), ()).memory is None


@given(st.text(), st.text())
def test_no_text_breaks_it(own, limit):
    files = {f"{ROOT}/{name}": limit.encode("utf-8", "replace") for name in
             ("cpu.max", "memory.max", "memory.stat", "cpuset.cpus", "memory.current")}  # fmt: skip
    see(V2, b"0::/\n" + own.encode("utf-8", "replace"), files)
