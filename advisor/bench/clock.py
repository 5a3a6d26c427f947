"""The one clock. It is passed in, so that tests choose its seconds."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells seconds since some fixed moment; never runs backwards."""

    def now(self) -> float:
        """Return the time in seconds."""
        ...

    def skip(self, seconds: float) -> None:
        """Leave out seconds in which we stood still."""
        ...


class SystemClock:
    """The clock of the machine."""

    def __init__(self) -> None:
        """Begin with nothing left out."""
        self._skipped = 0.0

    def now(self) -> float:
        """Return the monotonic time in seconds, without what was left out."""
        return time.perf_counter() - self._skipped

    def skip(self, seconds: float) -> None:
        """Leave out seconds that are over, in which we stood still."""
        self._skipped += seconds
