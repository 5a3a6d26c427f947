"""Look at a machine; never time it."""

from pathlib import Path

from advisor.probe.doors.live import Live
from advisor.probe.doors.tree import Tree
from advisor.probe.identity import identity
from advisor.probe.look import look
from advisor.probe.source import Source

__all__ = ["Source", "capture", "identity", "live", "look", "replay", "tree"]


def live() -> Source:
    """Look at the system that this process runs on."""
    return Source(Live())


def tree(root: Path) -> Source:
    """Look at a captured tree, whose ``root`` is the folder that holds ``proc`` or ``sys``."""
    return Source(Tree(root))


def capture(source: Source) -> bytes:
    """Return all that a source has told so far, redacted, as the text of a capture file."""
    from advisor.probe import recording

    return recording.capture(source)


def replay(path: Path) -> Source:
    """Look at a recorded machine.

    Raises:
        AdvisorError: the capture cannot be read.
    """
    from advisor.probe import recording

    return recording.replay(path)
