"""Every fact is declared once, with a unit that can be read and a meaning."""

import pytest

from advisor.fact import Kind
from advisor.units import unit
from advisor.vocabulary import declared


@pytest.mark.parametrize("word", declared().values(), ids=lambda d: d.name)
def test_a_declaration(word):
    assert word.meaning
    if word.kind is Kind.NUMBER:
        assert unit(word.unit) is not None
