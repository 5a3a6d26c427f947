"""A directory's disk is found through partitions, mappers and overlays."""

import pytest

from advisor.probe.disk import look
from advisor.probe.mounts import Mount
from tests.forest import grow

FACTS = {"directory": "/data", "space:/data": {"total": 1000, "free": 400}}
NVME = "/sys/devices/pci/nvme/nvme0n1"
SDA, SDB, VDA = (f"/sys/devices/pci/block/{name}" for name in ("sda", "sdb", "vda"))
DM, MD = "/sys/devices/virtual/block/dm-0", "/sys/devices/virtual/block/md0"


def mount(kind="ext4", device=None, origin="none", options="rw", point="/data"):
    return Mount(point, kind, origin, frozenset(options.split(",")), "/", device)


def block(number, place):
    return {f"/sys/dev/block/{number}": place}


@pytest.mark.parametrize(
    ("mounted", "files", "links", "kind", "device"),
    [
        (mount(device="259:2"), {f"{NVME}/nvme0n1p2/partition": "2"},
         block("259:2", f"{NVME}/nvme0n1p2"), "nvme", "nvme0n1"),
        (mount(device="8:1"), {f"{SDA}/sda1/partition": "1", f"{SDA}/queue/rotational": "1"},
         block("8:1", f"{SDA}/sda1"), "hdd", "sda"),
        (mount(device="8:0"), {f"{SDA}/queue/rotational": "0"}, block("8:0", SDA), "ssd", "sda"),
        (mount(device="254:0"), {f"{VDA}/queue/rotational": "1"}, block("254:0", VDA),
         "virtual", "vda"),
        (mount(device="252:0"), {f"{DM}/dm/name": "vg-data"},
         {**block("252:0", DM), f"{DM}/slaves/nvme0n1": NVME}, "nvme", "dm-0"),
        # A mirror is as slow as its slowest half.
        (mount(device="9:0"), {f"{SDA}/queue/rotational": "0", f"{SDB}/queue/rotational": "1"},
         {**block("9:0", MD), f"{MD}/slaves/sda": SDA, f"{MD}/slaves/sdb": SDB}, "hdd", "md0"),
        # btrfs makes its device numbers up.
        (mount("btrfs", "0:40", "/dev/nvme0n1"), {f"{NVME}/size": "1"},
         {"/sys/class/block/nvme0n1": NVME}, "nvme", "nvme0n1"),
        (mount("nfs4", "0:50", "server:/export"), {}, {}, "network", None),
        (mount("tmpfs", "0:51"), {}, {}, "memory", None),
        (mount("overlay", "0:52", options="upperdir=/host/x"), {}, {}, None, None),
        (mount("zfs", "0:53", "tank/data"), {}, {}, None, None),
    ],
)  # fmt: skip
def test_kinds(mounted, files, links, kind, device):
    seen = look(grow(files, links=links, facts=FACTS), (mounted,))
    (disk,) = seen.disks
    assert (disk.kind, disk.device, disk.filesystem) == (kind, device, mounted.kind)
    assert (disk.total_bytes, disk.free_bytes) == (1000, 400)
    assert [gap.what for gap in seen.gaps] == ([] if kind else ["disk:0.kind"])


def test_an_overlay_that_can_be_seen_through():
    below = mount(device="8:0", point="/host")
    over = mount("overlay", "0:52", options="upperdir=/host/x")
    files = {"/host/x/file": "", f"{SDA}/queue/rotational": "0"}
    seen = look(grow(files, links=block("8:0", SDA), facts=FACTS), (below, over))
    assert seen.disks[0].kind == "ssd"


def test_a_stack_without_end():
    links = {**block("252:0", DM), f"{DM}/slaves/dm-0": DM, f"{DM}/slaves/dm-1": DM}
    seen = look(grow({}, links=links, facts=FACTS), (mount(device="252:0"),))
    assert seen.disks[0].kind is None


def test_a_tree_has_no_directory_of_ours():
    seen = look(grow(), ())
    assert seen.disks == ()
    assert seen.gaps[0].what == "disks"
