"""Two profiles beside each other."""

from pathlib import Path

from advisor import __version__, difference
from advisor.pipeline.look import read_any
from advisor.report import DifferenceReport


def diff(before: Path, after: Path) -> DifferenceReport:
    """Say what changed between two saved profiles or captures.

    Raises:
        AdvisorError: one of them cannot be read.
    """
    old, new = read_any(before), read_any(after)
    return DifferenceReport(
        tool=__version__, before=old.taken, after=new.taken, changes=difference.diff(old, new)
    )
