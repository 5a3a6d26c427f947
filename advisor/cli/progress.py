"""What takes over a second: a line a benchmark on stderr, and plain lines where no terminal is."""

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from advisor.measurement import HEADLINES
from advisor.render.text import ends
from advisor.units import show

if TYPE_CHECKING:  # loading the room that times takes longer than what may not need it
    from advisor.bench import Progress

BAR = 10
# What most terminals show of a line without wrapping it.
WIDTH = 79


class Line:
    """One line of the display: a headline figure, or all points of one surface."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.last: Progress | None = None
        self.finished: Counter[str] = Counter()

    def hear(self, progress: "Progress") -> None:
        """Note how far it is."""
        self.last = progress
        self.finished.update([progress.quality] if progress.quality else [])

    def __str__(self) -> str:
        """Show bar, name, value, interval and quality, within a terminal's width.

        A surface's quality is that of most of its points.
        """
        if self.last is None:
            return ""
        most = next((name for name, _ in self.finished.most_common(1)), "")
        headline = self.last.name in HEADLINES
        quality = self.last.quality if headline else most
        begin = f"{_bar(self.last.fraction)} {quality:<7} "
        room = WIDTH - len(begin)
        words = _words(self.last, room) if headline else _surface(self.last, self.finished, room)
        return (begin + words).rstrip()


class Shown:
    """Draws a line a benchmark on a terminal; elsewhere says each headline once, as it stands."""

    def __init__(self) -> None:
        """Find out whether a terminal is there to draw on."""
        dumb = os.environ.get("TERM") in {"dumb", "unknown"}  # those that rich draws nothing on
        self._terminal = sys.stderr.isatty() and not dumb
        self._live: Any = None
        self._lines: dict[tuple[str, str, str | None], Line] = {}

    def __call__(self, progress: "Progress") -> None:
        """Show how far a benchmark is."""
        if self._terminal:
            key = (progress.name, progress.device, progress.dtype)
            self._lines.setdefault(key, Line()).hear(progress)
            self._draw()
        elif progress.quality and progress.name in HEADLINES:
            doubt = "" if progress.quality == "valid" else f", {progress.quality}"
            self._write(f"mlinfra: {_words(progress)}{doubt}\n")

    def end(self) -> None:
        """Clear the lines that were drawn."""
        if self._live:
            self._live.stop()
            self._live = None

    def telling(self, word: Callable[[str], None]) -> Callable[[str], None]:
        """Return a way to say lines that first clears those that were drawn."""

        def tell(line: str) -> None:
            self.end()
            word(line)

        return tell

    def _draw(self) -> None:
        if self._live is None:
            from rich.console import Console
            from rich.live import Live

            console = Console(stderr=True, highlight=False, markup=False)
            self._live = Live(console=console, transient=True, refresh_per_second=8)
            self._live.start()
        self._live.update("\n".join(str(line) for line in self._lines.values()))

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


def _surface(progress: "Progress", finished: Counter[str], room: int) -> str:
    others = finished.total() - finished["valid"]
    doubt = f", {others} of them not valid" if others else ""
    words = f"  {finished.total()} points stand{doubt}" if finished else ""
    return _cut(_name(progress), room - len(words)) + words


def _name(progress: "Progress") -> str:
    return " ".join(filter(None, (progress.device, progress.name, progress.dtype)))


def _words(progress: "Progress", room: int | None = None) -> str:
    """Say a figure with its interval; in little room with its half width, and its name cut."""
    name = _name(progress)
    if progress.value is None or progress.low is None or progress.high is None:
        return _cut(name, room)
    value = show(progress.value, progress.unit)
    words = f" {value} ({ends(progress.low, progress.high, progress.unit)})"
    if room is not None and len(name) + len(words) > room:
        words = f" {value} ±{progress.high / progress.value - 1:.0%}"
    return _cut(name, None if room is None else room - len(words)) + words


def _cut(name: str, room: int | None) -> str:
    return name if room is None or len(name) <= room else name[: max(room - 1, 0)] + "…"
