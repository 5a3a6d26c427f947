"""Conditions are cut into tokens that know where they start."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.book.lexer import Fault, tokens


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("a.b>=24GiB", ["a.b", ">=", "24GiB", ""]),
        ("gpu:0+1 != llm-7b", ["gpu:0+1", "!=", "llm-7b", ""]),
        ("10 GB/s", ["10 GB/s", ""]),
        ("10 GB/cpu.cores", ["10 GB", "/", "cpu.cores", ""]),
        ("90 %", ["90 %", ""]),
        ("550.54.14", ["550.54.14", ""]),
        ("[a, 'b c']", ["[", "a", ",", "'b c'", "]", ""]),
        ("1e-3 s", ["1e-3 s", ""]),
        ("5 in", ["5", "in", ""]),
    ],
)
def test_tokens(text, cut):
    assert [token.text for token in tokens(text)] == cut


@given(st.text(max_size=80))
def test_any_text_is_cut_or_refused(text):
    try:
        found = tokens(text)
    except Fault:
        return
    assert all(text[t.start : t.end] == t.text for t in found)
