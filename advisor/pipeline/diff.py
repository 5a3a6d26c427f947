"""Two profiles beside each other."""

from pathlib import Path

from advisor import __version__, difference, runs
from advisor.compared import DifferenceReport
from advisor.errors import AdvisorError
from advisor.pipeline.look import Look, host, probe, read_any


def diff(before: Path | None, after: Path | None, look: Look) -> DifferenceReport:
    """Say what changed between two saved profiles or captures.

    Without ``after``, this machine as it is now; without both, the last two timed runs of it.

    Raises:
        AdvisorError: one of them cannot be read, or there are no two runs.
    """
    if before is None:
        before, after = _last_two()
    old = read_any(before)
    new = read_any(after) if after else probe(look)
    return DifferenceReport(
        tool=__version__, before=old.taken, after=new.taken, changes=difference.diff(old, new)
    )


def _last_two() -> tuple[Path, Path]:
    kept = runs.kept(host())
    if len(kept) < 2:
        wrong = f"{len(kept)} of the two timed runs of this machine are kept"
        remedy = "time it by `mlinfra bench`, or name two saved profiles"
        raise AdvisorError("compare the last two runs", wrong, remedy=remedy)
    return kept[-2], kept[-1]
