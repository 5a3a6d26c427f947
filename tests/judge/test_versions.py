"""Versions are ordered as their makers count."""

from itertools import pairwise

import pytest

from advisor.judge.versions import key

IN_ORDER = ["2.4.0.dev1", "2.4.0a1", "2.4.0b2", "2.4.0rc1", "2.4", "2.4.1", "2.9", "2.10", "550.54"]


@pytest.mark.parametrize(("lower", "higher"), list(pairwise(IN_ORDER)))
def test_order(lower, higher):
    assert key(lower) < key(higher)


@pytest.mark.parametrize(
    ("a", "b"),
    [("2.4", "2.4.0"), ("2.4.0+cu121", "2.4"), ("v2.4", "2.4"), ("5.15.0-91-generic", "5.15")],
)
def test_the_same(a, b):
    assert key(a) == key(b)


@pytest.mark.parametrize("text", ["", "newest", "-1", "x2"])
def test_no_version(text):
    assert key(text) is None


@pytest.mark.parametrize("text", ["1." * 5000, "9" * 5000, "1rc" + "9" * 5000])
def test_hostile_texts_end(text):
    assert key(text) is not None
