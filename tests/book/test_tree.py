"""Errors show the line at fault, however long it is."""

import pytest

from advisor.book.tree import Document, Scalar, excerpt
from advisor.errors import Where


@pytest.mark.parametrize(
    ("line", "column", "shown"),
    [
        ("abc", 2, "  abc\n   ^"),
        ("\tabc", 2, "   abc\n   ^"),
        ("abc", 9, "  abc\n     ^"),
        ("x" * 500, 300, "  " + "x" * 100 + "\n  " + " " * 50 + "^"),
    ],
)
def test_excerpt(line, column, shown):
    assert excerpt([line], Where("a", 1, column)) == shown


@pytest.mark.parametrize("where", [Where("a"), Where("a", 9, 1)])
def test_no_excerpt_without_a_place(where):
    assert excerpt(["abc"], where) == ""


@pytest.mark.parametrize(
    ("scalar", "column"),
    [
        (Scalar("abc", 1, 5), 7),
        (Scalar("abc", 1, 5, plain=False), 8),
        (Scalar("abc", 1, 5, plain=False, literal=False), 5),
    ],
)
def test_a_place_inside_a_scalar(scalar, column):
    assert Document("a", "").where(scalar, 2) == Where("a", 1, column)
