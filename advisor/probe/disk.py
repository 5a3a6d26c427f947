"""The disk under a directory, through partitions, dm, md and overlays (kernel: ABI sysfs-block)."""

import re

import msgspec

from advisor.machine import Disk, Gap
from advisor.probe.mounts import Mount, under
from advisor.probe.source import Source

_NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ceph",
        "lustre",
        "gpfs",
        "beegfs",
        "glusterfs",
        "fuse.glusterfs",
        "fuse.sshfs",
        "fuse.ceph",
        "fuse.s3fs",
        "fuse.gcsfuse",
        "afs",
        "ocfs2",
        "gfs2",
        "pvfs2",
        "orangefs",
        "9p",
        "virtiofs",
        "wekafs",
    ]
)
_MEMORY = frozenset({"tmpfs", "ramfs", "hugetlbfs"})
_BLOCK = "/sys/class/block"
_DEPTH = 8  # dm on md on partitions is 3; deeper stacks are not real


class Seen(msgspec.Struct, frozen=True):
    """The disk, and what could not be found out about it."""

    disks: tuple[Disk, ...]
    gaps: tuple[Gap, ...]


def look(source: Source, mounts: tuple[Mount, ...]) -> Seen:
    """See the disk under the directory that the look is about."""
    directory = source.process("directory")
    if not isinstance(directory, str):
        return Seen((), (Gap("disks", source.why("directory")),))
    place = source.link(directory) or directory
    mount = under(mounts, place)
    space = source.process(f"space:{place}")
    sizes = space if isinstance(space, dict) else {}
    kind, device = _kind(source, mounts, mount) if mount else (None, None)
    disk = Disk(
        id="disk:0",
        path=directory,
        filesystem=mount.kind if mount else None,
        kind=kind,
        total_bytes=_whole(sizes.get("total")),
        free_bytes=_whole(sizes.get("free")),
        device=device,
    )
    reasons = {
        "filesystem": source.why("/proc/self/mountinfo"),
        "kind": "the file system does not show a block device",
        "total_bytes": source.why(f"space:{place}"),
        "free_bytes": source.why(f"space:{place}"),
    }
    missing = [Gap(f"disk:0.{k}", why) for k, why in reasons.items() if getattr(disk, k) is None]
    return Seen((disk,), tuple(missing))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _kind(
    source: Source, mounts: tuple[Mount, ...], mount: Mount, depth: int = 0
) -> tuple[str | None, str | None]:
    """Say what the mount rests on: a kind, and the block device's name."""
    if mount.kind in _NETWORK:
        return "network", None
    if mount.kind in _MEMORY:
        return "memory", None
    upper = next((o[9:] for o in mount.options if o.startswith("upperdir=")), None)
    if mount.kind == "overlay" and upper and depth < _DEPTH:
        # The upper folder is a path of the host, which a container cannot see.
        below = under(mounts, upper) if source.exists(upper) else None
        return _kind(source, mounts, below, depth + 1) if below else (None, None)
    device = _device(source, mount)
    return _block(source, device) if device else (None, None)


def _device(source: Source, mount: Mount) -> str | None:
    """Name the block device: by its number, else (btrfs has a made-up number) by its path."""
    place = source.link(f"/sys/dev/block/{mount.device}") if mount.device else None
    if place is None and mount.origin.startswith("/dev/"):
        origin = source.link(mount.origin) or mount.origin
        place = source.link(f"{_BLOCK}/{origin.rpartition('/')[2]}")
    return place


def _block(source: Source, place: str, depth: int = 0) -> tuple[str | None, str | None]:
    """Follow a block device down to what spins or does not; of several the slowest counts."""
    if source.exists(f"{place}/partition"):
        place = place.rpartition("/")[0]
    name = place.rpartition("/")[2]
    below = source.names(f"{place}/slaves")[:64] if depth < _DEPTH else ()
    if below:
        kinds = [_block(source, f"{place}/slaves/{one}", depth + 1)[0] for one in below]
        known = [kind for kind in kinds if kind]
        slowest = min(known, key=_SPEEDS.index) if known and len(known) == len(kinds) else None
        return slowest, name
    real = source.link(place) or place
    if source.exists(f"{real}/partition"):
        return _block(source, real, depth + 1)
    return _leaf(source, real, real.rpartition("/")[2]), name


_SPEEDS = ("network", "hdd", "flash card", "virtual", "ssd", "nvme", "memory")
_BY_NAME = (
    (r"nvme\d", "nvme"),
    (r"mmcblk\d", "flash card"),
    (r"(vd[a-z]|xvd[a-z])", "virtual"),  # the host's disk may be anything
    (r"(nbd|rbd|drbd)\d", "network"),
    (r"(ram|zram|pmem)\d", "memory"),
)


def _leaf(source: Source, place: str, name: str) -> str | None:
    for pattern, kind in _BY_NAME:
        if re.match(pattern, name):
            return kind
    if name.startswith("sd") and "/virtio" in place:
        return "virtual"
    turning = source.number(f"{place}/queue/rotational")
    return {0: "ssd", 1: "hdd"}.get(-1 if turning is None else turning)
