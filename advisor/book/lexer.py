"""Cuts a condition into tokens; each knows where it starts in its text."""

import re
from enum import StrEnum

import msgspec

from advisor.book.near import near
from advisor.units import COMMON, unit

LENGTH = 1000  # characters of a condition: longer ones cannot be read aloud


class Fault(Exception):  # noqa: N818 -- an error within one line, before it has a file
    """A mistake at ``offset`` of a text, with what to do about it."""

    def __init__(self, offset: int, wrong: str, remedy: str = "") -> None:
        """Keep the parts for whoever knows the file."""
        super().__init__(wrong)
        self.offset = offset
        self.wrong = wrong
        self.remedy = remedy


class Sort(StrEnum):
    """What a token is."""

    NUMBER = "number"
    STRING = "string"
    WORD = "word"
    SIGN = "sign"
    END = "end"


class Token(msgspec.Struct, frozen=True):
    """A piece of a condition: ``unit`` is what stood after a number, ``inner`` a string's text."""

    sort: Sort
    text: str
    start: int
    unit: str = ""

    @property
    def end(self) -> int:
        """Offset of the first character after it."""
        return self.start + len(self.text)


# A word may hold dots, colons, plus and minus (gpu:0+1, llm-7b): sums are written with spaces.
_TOKEN = re.compile(
    r"""(?P<number>\d+(?:\.\d+)*(?:[eE][-+]?\d{1,3})?)
      | (?P<string>"[^"]*"|'[^']*')
      | (?P<word>[^\W\d]\w*(?:[.:+-]\w+)*)
      | (?P<sign><=|>=|==|!=|[-+*/<>()\[\],])""",
    re.VERBOSE,
)
_UNIT = re.compile(r" ?((?:[^\W\d_]|[°%])\w*(?:/[^\W\d_]\w*)?)(?![\w.:])")
_SPACE = re.compile(r"\s*")
_INSTEAD = {"=": "==", "≥": ">=", "≤": "<=", "≠": "!=", "&": "an all: block", "|": "an any: block"}


def tokens(text: str) -> list[Token]:
    """Cut a condition; raises Fault at the first character that begins nothing."""
    if len(text) > LENGTH:
        raise Fault(LENGTH, f"a condition of {len(text)} characters", "split it in an all: block")
    found = []
    position = _skip(text, 0)
    while position < len(text):
        token = _token(text, position)
        found.append(token)
        position = _skip(text, token.end)
    return [*found, Token(Sort.END, "", len(text))]


def _skip(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    return match.end() if match else position


def _token(text: str, position: int) -> Token:
    match = _TOKEN.match(text, position)
    if match is None:
        instead = _INSTEAD.get(text[position])
        remedy = f"write {instead}" if instead else ""
        raise Fault(position, f"{text[position]!r} means nothing here", remedy)
    sort = Sort(match.lastgroup or "")
    if sort is Sort.NUMBER:
        return _quantity(text, position, match.end())
    return Token(sort, match[0], position)


def _quantity(text: str, start: int, end: int) -> Token:
    """Read a number and the unit after it; a word after a number can be nothing else."""
    match = _UNIT.match(text, end)
    name = match[1] if match else ""
    if match is None or name in {"in", "and", "or"}:
        return Token(Sort.NUMBER, text[start:end], start)
    if unit(name) is None:
        name = name.partition("/")[0]
    if unit(name) is None:
        known = near(name, COMMON)
        raise Fault(match.start(1), f"{name!r} is not a unit", known)
    return Token(Sort.NUMBER, text[start : match.start(1) + len(name)], start, name)
