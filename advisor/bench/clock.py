"""The one clock. It is passed in, so that tests choose its seconds."""

import time
from typing import Protocol


class Clock(Protocol):
    """Tells seconds since some fixed moment; never runs backwards."""

    def now(self) -> float:
        """Return the time in seconds."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> float:
        """Return the monotonic time in seconds."""
        return time.perf_counter()
