"""Mistakes are kept up to a number that anyone would still read."""

import pytest

from advisor.book.problems import MOST, Enough, Problems
from advisor.errors import AdvisorError, AdvisorErrors


def test_reading_ends_when_there_are_too_many():
    problems = Problems()
    for _ in range(MOST - 1):
        problems.note(AdvisorError("read a", "wrong"))
    with pytest.raises(Enough):
        problems.note(AdvisorError("read a", "wrong"))
    assert len(problems) == MOST


def test_settle():
    problems = Problems()
    problems.settle("read a")
    problems.note(AdvisorError("read a", "wrong"))
    with pytest.raises(AdvisorErrors, match="wrong"):
        problems.settle("read a")
