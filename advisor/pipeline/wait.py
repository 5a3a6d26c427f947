"""Ask again until a machine is ready: drivers load, disks mount and fans settle after a boot."""

from collections.abc import Callable

from advisor.errors import Exit
from advisor.report import CheckReport

FIRST_PAUSE = 1.0
# Often enough for a boot script, rare enough not to keep a GPU from idling down.
LONGEST_PAUSE = 15.0


def until_ready(
    attempt: Callable[[], CheckReport],
    limit: float,
    clock: Callable[[], float],
    sleep: Callable[[float], None],
    say: Callable[[str], None],
) -> CheckReport:
    """Return the first report that passes, or the last one that ``limit`` seconds leave time for.

    Pauses double up to a quarter of a minute; a report is never older than the answer.
    """
    end = clock() + limit
    pause = FIRST_PAUSE
    while True:
        report = attempt()
        left = end - clock()
        if report.exit == Exit.DONE or left <= 0:
            return report
        say(f"not ready (exit {report.exit}); asking again, {max(1, round(left))} s left")
        sleep(min(pause, left))
        pause = min(2 * pause, LONGEST_PAUSE)
