"""A bar for what takes over a second: on stderr, and a plain line where that is no terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from advisor.measurement import HEADLINES
from advisor.render.text import ends
from advisor.units import show

if TYPE_CHECKING:  # loading the room that times takes longer than what may not need it
    from advisor.bench import Progress

BAR = 16
# What most terminals show of a line without wrapping it.
WIDTH = 79


class Shown:
    """Draws over one line of a terminal; elsewhere says each figure once, when it stands."""

    def __init__(self) -> None:
        """Find out whether a terminal is there to draw on."""
        self._terminal = sys.stderr.isatty()
        self._said: set[tuple[str, str, str | None]] = set()

    def __call__(self, progress: "Progress") -> None:
        """Show how far a benchmark is."""
        line = (progress.name, progress.device, progress.dtype)
        if self._terminal:
            self._write(f"\r\x1b[K{f'{_bar(progress.fraction)} {_words(progress)}'[:WIDTH]}")
        elif progress.fraction >= 1 and progress.name in HEADLINES and line not in self._said:
            self._said.add(line)
            self._write(f"mlinfra: {_words(progress)}\n")

    def telling(self, word: Callable[[str], None]) -> Callable[[str], None]:
        """Return a way to say lines that first clears the one that was drawn on."""

        def tell(line: str) -> None:
            self.end()
            word(line)

        return tell

    def end(self) -> None:
        """Clear the line that was drawn on."""
        if self._terminal:
            self._write("\r\x1b[K")

    def _write(self, text: str) -> None:
        encoding = sys.stderr.encoding or "ascii"
        sys.stderr.write(text.encode(encoding, "replace").decode(encoding))
        sys.stderr.flush()


@contextmanager
def shown() -> Iterator[Shown]:
    """Show progress while something runs, and tidy up whatever happens."""
    display = Shown()
    try:
        yield display
    finally:
        display.end()


def _bar(fraction: float) -> str:
    full = round(BAR * max(0.0, min(1.0, fraction)))
    return f"[{'#' * full}{'.' * (BAR - full)}]"


def _words(progress: "Progress") -> str:
    name = " ".join(filter(None, (progress.device, progress.name, progress.dtype)))
    if progress.value is None or progress.low is None or progress.high is None:
        return name
    width = ends(progress.low, progress.high, progress.unit)
    return f"{name} {show(progress.value, progress.unit)} ({width})"
