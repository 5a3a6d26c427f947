"""What is mounted where (proc_pid_mountinfo(5); fstab(5) for the older /proc/mounts)."""

import re
from collections.abc import Iterator

import msgspec

from advisor.probe.source import Source

_PLACES = (("/proc/self/mountinfo", True), ("/proc/self/mounts", False), ("/proc/mounts", False))
_BSD = re.compile(r"^(\S{1,200}) on (/.{0,400}?) \(([^()\n]{1,400})\)$", re.MULTILINE)
_ESCAPE = re.compile(r"\\([0-3][0-7]{2})", re.ASCII)


class Mount(msgspec.Struct, frozen=True):
    """One mount: ``root`` is the folder of the file system that is seen at ``point``."""

    point: str
    kind: str
    origin: str
    options: frozenset[str]
    root: str = "/"
    device: str | None = None


def look(source: Source) -> tuple[Mount, ...]:
    """Return all mounts, in the order in which they were made."""
    if not source.linux:
        return tuple(_bsd(source.run("mount") or ""))
    for path, info in _PLACES:
        text = source.text(path)
        if text:
            read = _info if info else _plain
            return tuple(mount for line in text.splitlines() if (mount := read(line.split(" "))))
    return ()


def _bsd(text: str) -> Iterator[Mount]:
    """Read macOS's ``/dev/disk3s1 on / (apfs, local, journaled)``."""
    for origin, point, options in _BSD.findall(text[:100_000]):
        words = options.split(", ")
        yield Mount(point, words[0], origin, frozenset(words[1:]))


def _info(words: list[str]) -> Mount | None:
    """Read ``36 35 98:0 /root /point options optional… - kind origin super-options``."""
    if "-" not in words[6:]:
        return None
    dash = words.index("-", 6)
    if len(words) < dash + 4:
        return None
    kind, origin, options = words[dash + 1 : dash + 4]
    own = frozenset(options.split(",")) | frozenset(words[5].split(","))
    return Mount(_plainly(words[4]), kind, _plainly(origin), own, _plainly(words[3]), words[2])


def _plain(words: list[str]) -> Mount | None:
    if len(words) < 4:
        return None
    return Mount(_plainly(words[1]), words[2], _plainly(words[0]), frozenset(words[3].split(",")))


def _plainly(text: str) -> str:
    """Undo the octal escapes of space, tab, newline and backslash."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), text)


def under(mounts: tuple[Mount, ...], path: str) -> Mount | None:
    """Return the mount that a path without links lies on: the deepest, of these the last."""
    best: Mount | None = None
    for mount in mounts:
        inside = path == mount.point or path.startswith(mount.point.rstrip("/") + "/")
        if inside and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best
