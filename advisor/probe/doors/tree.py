"""A captured tree of /proc and /sys: links are followed inside it, and never out of it."""

import errno
import os
import stat
from pathlib import Path

from advisor.probe.doors import files
from advisor.probe.source import Json, Unread

LINKS = 40  # as Linux's own path walk (MAXSYMLINKS, path_resolution(7))
PARTS = 256


class Tree:
    """The door to a captured tree; this system's programs and processes are not behind it."""

    kind = "tree"
    running = False
    linux = True

    def __init__(self, root: Path) -> None:
        """Take ``root`` as "/"."""
        self._root = os.path.realpath(root)
        self._links: dict[str, str | None] = {}
        self._folders: dict[str, str] = {}

    def read(self, path: str) -> bytes | Unread:
        """Return the bytes of a regular file in the tree."""
        place = self.link(path)
        return place if isinstance(place, Unread) else files.read(self._root + place, follow=False)

    def names(self, path: str) -> tuple[str, ...] | Unread:
        """Return the sorted names in a folder of the tree."""
        place = self.link(path)
        return place if isinstance(place, Unread) else files.names(self._root + place)

    def link(self, path: str) -> str | Unread:
        """Return the path without links, as seen from the tree's root."""
        folder, _, name = path.rpartition("/")
        try:
            if folder not in self._folders:
                self._folders[folder] = self._walk(folder)
            return self._walk(name, self._folders[folder]) or "/"
        except (OSError, ValueError) as error:
            return Unread(files.reason(error))

    def run(self, command: tuple[str, ...]) -> str | Unread:
        """Run nothing."""
        return Unread(f"a captured tree cannot run {command[0]}")

    def process(self, name: str) -> Json | Unread:
        """Know nothing."""
        return Unread(f"a captured tree holds no process to ask for its {name}")

    def _walk(self, path: str, here: str = "") -> str:
        todo, hops = path.split("/")[::-1], 0
        while todo:
            part = todo.pop()
            if part in {"", "."}:
                continue
            if part == "..":
                here = here.rpartition("/")[0]
                continue
            target = self._target(f"{here}/{part}")
            if target is None:
                here = f"{here}/{part}"
                continue
            hops += 1
            here = "" if target.startswith("/") else here
            todo.extend(target.split("/")[::-1])
            if hops > LINKS or len(todo) > PARTS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
        return here

    def _target(self, place: str) -> str | None:
        """Return what the link at a place says, or None where there is no link but something."""
        if place not in self._links:
            real = self._root + place
            is_link = stat.S_ISLNK(os.lstat(real).st_mode)
            self._links[place] = os.readlink(real) if is_link else None
        return self._links[place]
