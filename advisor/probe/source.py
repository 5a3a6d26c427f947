"""The only door to the system: everything that the probe knows, it has asked a `Source`.

Behind a source stands a `Door`: the live system, a captured tree, or a recorded look. A source
remembers each answer, so that nothing is read twice and that a look can be recorded whole, and it
bounds what one look may read.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

Json = None | bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"]

FILE_BYTES = 8 << 20  # /proc/cpuinfo of 4,096 threads is 6 MB; no other file comes near
LOOK_BYTES = 256 << 20
LOOK_ANSWERS = 250_000  # 8,192 CPUs (the kernel's largest NR_CPUS) times 30 files
NAMES = 20_000  # entries of one folder
# C0 and C1 control characters but tab and newline: they could steer a terminal.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Unread(msgspec.Struct, frozen=True):
    """No answer, and why."""

    why: str


class Door(Protocol):
    """Where answers come from. A door raises nothing: what it cannot tell is `Unread`."""

    kind: str  # live, tree or replay
    running: bool  # whether it is, or was, a running system
    linux: bool  # whether /proc and /sys mean anything behind it

    def read(self, path: str) -> bytes | Unread:
        """Return the bytes of a regular file, at most ``FILE_BYTES``."""

    def names(self, path: str) -> tuple[str, ...] | Unread:
        """Return the sorted names in a folder, at most ``NAMES``."""

    def link(self, path: str) -> str | Unread:
        """Return the path with every link in it followed; Unread if nothing is there."""

    def run(self, command: tuple[str, ...]) -> str | Unread:
        """Return what a program prints; it has a time limit."""

    def process(self, name: str) -> Json | Unread:
        """Return a fact about this process, such as its affinity or a variable (``env:NAME``)."""


Key = tuple[str, str]
Value = bytes | Json | tuple[str, ...] | Unread


class Source:
    """A door with a memory; every parser is given one.

    ``read``, ``text`` and the like return None for what is not there, and `why` then says why.
    """

    def __init__(self, door: Door) -> None:
        """Look through ``door``; nothing is read yet."""
        self.door = door
        self._answers: dict[Key, Value] = {}
        self._size = 0

    @property
    def live(self) -> bool:
        """Whether the machine looked at is the one that this process runs on."""
        return self.door.kind == "live"

    @property
    def running(self) -> bool:
        """Whether a running system answers, or did when it was recorded: silence then means no."""
        return self.door.running

    @property
    def linux(self) -> bool:
        """Whether /proc and /sys mean anything here."""
        return self.door.linux

    def answers(self) -> Mapping[Key, Value]:
        """Return all that was asked so far, and answered, by kind of question and its object."""
        return self._answers

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes."""
        data = self._ask("read", path)
        return data if isinstance(data, bytes) else None

    def text(self, path: str) -> str | None:
        """Return a file's text without outer white space and control characters."""
        data = self.read(path)
        return None if data is None else clean(data.decode("utf-8", "replace"))

    def number(self, path: str) -> int | None:
        """Return the whole number that a file holds, and nothing else."""
        text = self.text(path)
        return int(text) if text and re.fullmatch(r"[-+]?\d{1,20}", text, re.ASCII) else None

    def names(self, path: str) -> tuple[str, ...]:
        """Return the sorted names in a folder; none where it cannot be read."""
        names = self._ask("names", path)
        return names if isinstance(names, tuple) else ()

    def numbered(self, path: str, stem: str) -> tuple[int, ...]:
        """Return N for each ``stemN`` in a folder, in order: the cpuN, nodeN, indexN of sysfs."""
        cut = len(stem)
        found = (n[cut:] for n in self.names(path) if n.startswith(stem))
        return tuple(sorted(int(n) for n in found if n.isascii() and n.isdigit() and len(n) < 8))

    def link(self, path: str) -> str | None:
        """Return where a path really leads."""
        place = self._ask("link", path)
        return place if isinstance(place, str) else None

    def exists(self, path: str) -> bool:
        """Whether anything is at a path."""
        return self.link(path) is not None

    def run(self, *command: str) -> str | None:
        """Return what a program prints, without control characters."""
        answer = self._ask("run", "\0".join(command))
        return clean(answer) if isinstance(answer, str) else None

    def process(self, name: str) -> Json:
        """Return a fact about this process; None where the source can have no evidence of it."""
        answer = self._ask("process", name)
        return None if isinstance(answer, (Unread, bytes, tuple)) else answer

    def note(self, name: str, value: str) -> None:
        """Remember a fact that the caller brings; a tree or a replay is not told of it."""
        if self.live:
            self._answers["process", name] = value

    def why(self, subject: str) -> str:
        """Say why a path, command or process fact gave nothing."""
        for kind in ("read", "names", "link", "run", "process"):
            answer = self._answers.get((kind, subject))
            if isinstance(answer, Unread):
                return f"{subject}: {answer.why}"
        return f"{subject}: says nothing that could be read"

    def _ask(self, kind: str, subject: str) -> Value:
        key = (kind, subject)
        if key not in self._answers:
            answer = self._spent() or self._through(kind, subject)
            self._size += len(answer) if isinstance(answer, (bytes, str)) else 0
            self._answers[key] = answer
        return self._answers[key]

    def _spent(self) -> Unread | None:
        if self._size > LOOK_BYTES or len(self._answers) > LOOK_ANSWERS:
            return Unread("not read: this look has already read more than any real machine holds")
        return None

    def _through(self, kind: str, subject: str) -> Value:
        if kind == "run":
            return self.door.run(tuple(subject.split("\0")))
        if "\0" in subject:
            return Unread("no such name")
        ask = {"read": self.door.read, "names": self.door.names, "link": self.door.link}
        return ask[kind](subject) if kind in ask else self.door.process(subject)


def clean(text: str) -> str:
    """Strip outer white space, and all control characters but tab and newline."""
    return _CONTROL.sub("", text).strip()
