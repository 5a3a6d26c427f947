"""Timing with progress on screen, for every command that may time."""

from advisor.cli.progress import shown
from advisor.cli.values import seconds
from advisor.errors import AdvisorError
from advisor.pipeline.look import Look
from advisor.pipeline.time import bench
from advisor.profile import Profile


def timed(
    look: Look,
    time: str,
    names: tuple[str, ...] | None,
    *,
    thorough: bool = False,
    busy_too: bool = False,
) -> Profile:
    """Time this machine for as long as ``--time`` says, and show how far it is.

    Raises:
        AdvisorError: another machine is looked at, or a benchmark has no such name.
    """
    limit = seconds(time, "--time")
    if not look.live:
        raise AdvisorError(
            "time the machine", "only this very machine can be timed", remedy="leave --bench out"
        )
    with shown() as report:
        return bench(look, limit, names, report, thorough=thorough, busy_too=busy_too)
