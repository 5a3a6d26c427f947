"""A time limit over everything a command does."""

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn

from advisor.cli.values import seconds
from advisor.errors import AdvisorError, Exit


class OutOfTime(BaseException):
    """The alarm; no handler of ordinary failures may take it for one."""


@contextlib.contextmanager
def within(limit: str | None) -> Iterator[None]:
    """End with exit 3 what takes longer than ``--limit``; no limit where none is given.

    Raises:
        AdvisorError: the time is over, or the text is no time.
    """
    if limit is None:
        yield
        return
    before = signal.signal(_alarm(), _ring)
    signal.setitimer(signal.ITIMER_REAL, seconds(limit, "--limit"))
    try:
        yield
    except OutOfTime:
        raise AdvisorError(
            "finish in time",
            f"the limit of {limit} is over",
            remedy="give it longer with --limit",
            code=Exit.INCONCLUSIVE,
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(_alarm(), before)


def _alarm() -> signal.Signals:
    if hasattr(signal, "SIGALRM"):
        return signal.SIGALRM
    raise AdvisorError("set --limit", "this system has no alarm signal", remedy="leave it out")


def _ring(_number: int, _frame: FrameType | None) -> NoReturn:
    raise OutOfTime
