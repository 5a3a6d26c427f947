"""Plain scalars mean what YAML 1.2 says, and nothing more."""

import pytest

from advisor.book.scalars import core
from advisor.book.tree import Scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0o17", 15),
        ("0x1F", 31),
        ("2.5", 2.5),
        (".5", 0.5),
        ("25.6e6", 25.6e6),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("no", "no"),
        ("on", "on"),
        ("yes", "yes"),
        ("12:30:45", "12:30:45"),
        ("1_000", "1_000"),
        ("2026-01-01", "2026-01-01"),
        (".inf", ".inf"),
    ],
)
def test_core(text, value):
    read = core(Scalar(text, 1, 1))
    assert read == value
    assert type(read) is type(value)


def test_quoted_scalars_are_texts():
    assert core(Scalar("12", 1, 1, plain=False)) == "12"


@pytest.mark.parametrize("text", ["9" * 19, "9" * 100_000, "1e999"])
def test_numbers_that_cannot_be_meant(text):
    with pytest.raises(ValueError, match="number"):
        core(Scalar(text, 1, 1))
