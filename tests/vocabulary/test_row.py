"""A value is known, or unknown where a gap says so, or missing."""

import pytest

from advisor.estimate import Interval
from advisor.fact import Kind, Origin, Status
from advisor.machine import Gap
from advisor.vocabulary.row import fact, rows

ROW, WORD = rows("machine", Origin.PROBED, [("a.b", "bytes", "x", len), ("a.c", "text", "y", str)])


def test_a_kind_in_place_of_a_unit():
    assert (ROW.declaration.unit, ROW.declaration.kind) == ("bytes", Kind.NUMBER)
    assert (WORD.declaration.unit, WORD.declaration.kind) == ("", Kind.TEXT)


@pytest.mark.parametrize(
    ("value", "gap", "status"),
    [
        (7, None, Status.KNOWN),
        (0, None, Status.KNOWN),
        (False, None, Status.KNOWN),
        (None, None, Status.MISSING),
        (None, Gap("a.b", "hidden"), Status.UNKNOWN),
    ],
)
def test_three_states(value, gap, status):
    assert fact(ROW.declaration, value, gap).status is status


def test_an_interval_keeps_its_width():
    told = fact(ROW.declaration, Interval(1, 2, 3, "bytes"), None)
    assert (told.low, told.value, told.high) == (1, 2, 3)
