"""One line of the vocabulary: a declaration beside the way to its value."""

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

import msgspec

from advisor.estimate import Interval
from advisor.fact import Declaration, Fact, Kind, Origin, Status
from advisor.machine import Gap

Noun = TypeVar("Noun")


class Row(msgspec.Struct, Generic[Noun], frozen=True):
    """A fact's declaration, and how to read its value off a noun; None is missing or unknown."""

    declaration: Declaration
    value: Callable[[Noun], Any]


def rows(
    subject: str, origin: Origin, table: Iterable[tuple[str, str, str, Callable[[Any], Any]]]
) -> tuple[Row[Any], ...]:
    """Read a table of (name, unit or kind, meaning, value): a kind in place of a unit has none."""
    return tuple(
        Row(
            Declaration(
                name=name,
                unit="" if unit in set(Kind) else unit,
                kind=Kind(unit) if unit in set(Kind) else Kind.NUMBER,
                meaning=meaning,
                origin=origin,
                subject=subject,
            ),
            value,
        )
        for name, unit, meaning, value in table
    )


def fact(declaration: Declaration, value: Any, gap: Gap | None, source: str = "") -> Fact:  # noqa: ANN401 - a fact's value is of any kind
    """State one fact: known, or unknown by the gap, or missing."""
    low = high = None
    if isinstance(value, Interval):
        value, low, high = value.likely, value.low, value.high
    status, why, remedy = Status.KNOWN, "", ""
    if value is None:
        status = Status.UNKNOWN if gap else Status.MISSING
        why, remedy = (gap.why, gap.remedy) if gap else ("", "")
    return Fact(
        name=declaration.name, status=status, value=value, low=low, high=high,
        unit=declaration.unit, origin=declaration.origin, source=source, why=why, remedy=remedy,
    )  # fmt: skip
