"""Look at a machine; never time it."""

from pathlib import Path

from advisor.machine import Device
from advisor.probe.doors.live import Live
from advisor.probe.doors.tree import Tree
from advisor.probe.identity import identity
from advisor.probe.look import look
from advisor.probe.source import Source

__all__ = ["Source", "capture", "devices", "evidence", "identity", "live", "look", "replay", "tree"]


def live() -> Source:
    """Look at the system that this process runs on."""
    return Source(Live())


def devices(timeout: float = 2.0) -> tuple[Device, ...]:
    """Look at this machine's accelerators alone; drivers may take ``timeout`` seconds."""
    from advisor.probe import accelerators

    return accelerators.look(live(), timeout=timeout).devices


def tree(root: Path) -> Source:
    """Look at a captured tree, whose ``root`` is the folder that holds ``proc`` or ``sys``."""
    return Source(Tree(root))


def capture(source: Source) -> bytes:
    """Return all that a source has told so far, redacted, as the text of a capture file."""
    from advisor.probe import recording

    return recording.capture(source)


def evidence(source: Source) -> tuple[tuple[str, str], ...]:
    """Return what was read and what it said, redacted and cut to what a report can hold."""
    from advisor.probe import recording

    return recording.evidence(source)


def replay(path: Path) -> Source:
    """Look at a recorded machine.

    Raises:
        AdvisorError: the capture cannot be read.
    """
    from advisor.probe import recording

    return recording.replay(path)
