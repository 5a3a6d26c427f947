"""Reads a user's price list: one currency, one source, one day, and parts that there are."""

import re
from collections.abc import Callable
from pathlib import Path

import msgspec

from advisor.book.convert import convert
from advisor.book.reader import load
from advisor.book.rules import top
from advisor.book.tree import Document, Mapping, Node, Sequence
from advisor.errors import AdvisorError
from advisor.purchase import PriceList

_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"\d{4}-\d{2}(-\d{2})?")
# Whatever costs more is a slip of the keyboard.
_MOST = 1e9


def price_list(path: Path, named: Callable[[str], str]) -> PriceList:
    """Read a file of prices; ``named`` returns the catalogue's name of a part, or raises.

    Raises:
        AdvisorError: it cannot be read; with file, line and column.
    """
    document = load(path)
    root = top(document, "price list")
    read = convert(document, root, PriceList)
    if not _CURRENCY.fullmatch(read.currency):
        raise _error(
            document, root, "currency", f"{read.currency[:20]!r} is no currency code", "USD"
        )
    if not _DAY.fullmatch(read.taken):
        raise _error(document, root, "taken", f"{read.taken[:20]!r} is no day", "2026-11-25")
    prices = tuple(
        msgspec.structs.replace(line, part=_checked(document, node, named, line.price, "price"))
        for line, node in zip(read.prices, _lines(root, "prices"), strict=True)
    )
    rents = tuple(
        msgspec.structs.replace(line, part=_checked(document, node, named, line.hourly, "hourly"))
        for line, node in zip(read.rents, _lines(root, "rents"), strict=True)
    )
    return msgspec.structs.replace(read, prices=prices, rents=rents)


def _lines(root: Mapping, name: str) -> list[Node]:
    entry = root.entries.get(name)
    return entry.value.items if entry and isinstance(entry.value, Sequence) else []


def _checked(
    document: Document, line: Node, named: Callable[[str], str], amount: float, field: str
) -> str:
    """Return the catalogue's name of the line's part."""
    assert isinstance(line, Mapping)  # noqa: S101 - it was converted to a Struct
    if not 0 < amount < _MOST:
        raise _error(document, line, field, f"{amount:g} is no price", "a number above 0")
    node = line.entries["part"].value
    try:
        return named(getattr(node, "text", ""))
    except AdvisorError as error:
        raise document.error("read prices", error.wrong, node, remedy=error.remedy) from None


def _error(document: Document, at: Mapping, field: str, wrong: str, like: str) -> AdvisorError:
    return document.error("read prices", wrong, at.entries[field].value, remedy=f"such as {like}")
