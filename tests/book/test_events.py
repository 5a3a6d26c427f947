"""A tree of YAML keeps every position, and what rules do not need is refused where it stands."""

import pytest

from advisor.book.events import DEPTH, build
from advisor.book.tree import Document, Mapping, Scalar, Sequence
from advisor.errors import AdvisorError


def made(text):
    return build(Document("a.yaml", text), "read a.yaml")


def test_positions_are_kept():
    root = made("one: 1\ntwo:\n  - x\n  - 'y'\n")
    assert isinstance(root, Mapping)
    two = root.entries["two"]
    assert (two.key.line, two.key.column) == (2, 1)
    assert isinstance(two.value, Sequence)
    first, second = two.value.items
    assert isinstance(first, Scalar)
    assert (first.text, first.line, first.column, first.plain) == ("x", 3, 5, True)
    assert (second.text, second.plain) == ("y", False)


@pytest.mark.parametrize(
    ("text", "wrong", "line"),
    [
        ("a: &x 1\n", "an anchor or alias", 1),
        ("a: 1\nb: !t 2\n", "a tag", 2),
        ("a: 1\n---\nb: 2\n", "a second document", 2),
        ("a: 1\na: 2\n", "stands twice", 2),
        ("? [a]\n: 1\n", "a key that is not a word", 1),
        ("[" * (DEPTH + 1), f"more than {DEPTH} levels", 1),
        ("a: [1\n", "expected", 2),
    ],
)
def test_what_is_refused_says_where(text, wrong, line):
    with pytest.raises(AdvisorError, match=wrong) as caught:
        made(text)
    assert caught.value.where.line == line


def test_nothing_is_no_tree():
    assert made("") is None
