"""A text is a list of words."""

from advisor.model.words import words


def test_words():
    assert words("\n  a b\n  c\n") == ("a", "b", "c")
