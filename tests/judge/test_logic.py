"""Kleene's three answers."""

import pytest

from advisor.judge.logic import conjunction, disjunction, negation

T, F, U = True, False, None


@pytest.mark.parametrize(
    ("a", "b", "both", "either"),
    [
        (T, T, T, T), (T, F, F, T), (T, U, U, T),
        (F, T, F, T), (F, F, F, F), (F, U, F, U),
        (U, T, U, T), (U, F, F, U), (U, U, U, U),
    ],
)  # fmt: skip
def test_tables(a, b, both, either):
    assert conjunction([a, b]) is both
    assert disjunction([a, b]) is either


@pytest.mark.parametrize(("a", "opposite"), [(T, F), (F, T), (U, U)])
def test_negation(a, opposite):
    assert negation(a) is opposite
