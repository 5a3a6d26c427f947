"""Versions, ordered as their makers count: 550.54 < 550.54.14 < 560, and 2.4.0rc1 < 2.4 = 2.4.0."""

import re
from functools import lru_cache

_VERSION = re.compile(r"v?(\d{1,9}(?:\.\d{1,9})*)(.*)", re.DOTALL)
_BEFORE = re.compile(r"[-._]?(a|b|c|rc|alpha|beta|pre|preview|dev)(?![a-z])(\d{0,9})")

# The order of PEP 440, into which the makers of drivers fit.
_RANKS = {"dev": 0, "a": 1, "alpha": 1, "b": 2, "beta": 2}
_CANDIDATE, _FINAL = 3, 4  # rc, c, pre and preview; then the release itself

Key = tuple[tuple[int, ...], int, int]


@lru_cache(maxsize=1024)
def key(text: str) -> Key | None:
    """Return what versions are ordered by; None if the text does not begin with a number.

    A release comes after its pre-releases; builds (+cu121, -91-generic) are not told apart.
    """
    match = _VERSION.match(text.strip())
    if match is None:
        return None
    numbers = [int(number) for number in match[1].split(".")]
    while len(numbers) > 1 and numbers[-1] == 0:
        numbers.pop()
    before = _BEFORE.match(match[2].lower())
    if before is None:
        return tuple(numbers), _FINAL, 0
    return tuple(numbers), _RANKS.get(before[1], _CANDIDATE), int(before[2] or 0)
