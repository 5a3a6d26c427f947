"""Words that several formats share: foreign text made safe, numbers with their width, ages."""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from advisor.estimate import Interval
from advisor.units import digits, show

# What was measured is shown to four figures; a prediction is never sure of more than three.
FIGURES = 4


def clean(text: str) -> str:
    """Strip control characters, so that foreign text cannot steer a terminal."""
    return "".join(c if c == "\n" or unicodedata.category(c)[0] != "C" else "?" for c in text)


def few(names: Sequence[str], most: int) -> str:
    """List the first of some names, and say that there are others."""
    return ", ".join(names[:most]) + (" and others" if len(names) > most else "")


def span(interval: Interval | None, unit: str | None = None) -> str:
    """Print a number with its width: ``12.3 samples/s (11–14)``."""
    if interval is None:
        return "unknown"
    base = unit or interval.unit
    return f"{show(interval.likely, base)} ({ends(interval.low, interval.high, base)})"


def ends(low: float, high: float, base: str) -> str:
    """Print both ends of an interval, the unit once where they share it."""
    left, right = show(low, base), show(high, base)
    number, space, unit = left.partition(" ")
    return f"{number} – {right}" if space and right.endswith(f" {unit}") else f"{left} – {right}"


def times(interval: Interval) -> str:
    """Print a ratio with its width: ``2.1× (1.8–2.4)``."""
    return f"{digits(interval.likely)}× ({digits(interval.low)} – {digits(interval.high)})"


def age(taken: str | None, now: str | None) -> str:
    """Print how old a measurement is; nothing where no clock was given."""
    if not (taken and now):
        return ""
    try:
        seconds = (datetime.fromisoformat(now) - datetime.fromisoformat(taken)).total_seconds()
    except (ValueError, TypeError):  # no time, or one without a zone
        return ""
    return "just now" if seconds < 60 else f"{show(seconds, 's', 2)} ago"
