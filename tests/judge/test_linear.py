"""Equal terms are collected before any value is looked at."""

from fractions import Fraction

import pytest

from advisor.book.expressions import Expressions
from advisor.judge.linear import add, collect, divisors, exact, scale
from tests.small import VOCABULARY


def expression(text):
    short = {"a": "cpu.cores", "b": "cpu.threads"}
    words = " ".join(short.get(word, word) for word in text.split())
    return Expressions(words, VOCABULARY, "plan").expression().expression


def form(text):
    return collect(expression(text))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a + a", "2 * a"),
        ("a - a", "0"),
        ("a * 0.1 + a * 0.2", "0.3 * a"),
        ("a / 4", "0.25 * a"),
        ("a * b", "b * a"),
        ("a * b - b * a", "0"),
        ("( a + b ) * 2", "2 * b + 2 * a"),
        ("a / b + a / b", "2 * ( a / b )"),
        ("0 * ( a / b )", "0"),
        ("1 - a + 1", "2 - a"),
    ],
)
def test_equal_forms(one, other):
    assert form(one) == form(other)


@pytest.mark.parametrize(("one", "other"), [("a / b", "b / a"), ("a / a", "1"), ("a / 0", "0")])
def test_different_forms(one, other):
    assert form(one) != form(other)


def test_divisors_are_kept_though_they_cancel():
    assert divisors(expression("a / b - a / b + 1 / ( a / 2 )")) == [
        form("b"), form("b"), form("a / 2"), form("2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "fraction"), [(0.1, Fraction(1, 10)), (3.0, Fraction(3)), (1e22, Fraction(10**22))]
)
def test_exact(value, fraction):
    assert exact(value) == fraction


def test_adding_and_scaling():
    assert add(form("a"), scale(form("a"), Fraction(-1))) == form("0")
    assert scale(form("a + 1"), Fraction(0)) == form("0")
