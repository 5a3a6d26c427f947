"""Foreign text is made safe, numbers carry their width, ages need a clock."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.estimate import Interval
from advisor.render.text import age, clean, few, span, times


@given(st.text())
def test_no_control_character_survives(text):
    assert not any(ord(c) < 32 and c != "\n" for c in clean(text))
    assert "\x1b" not in clean(text + "\x1b[31m")


@pytest.mark.parametrize(
    ("interval", "text"),
    [
        (None, "unknown"),
        (Interval(11, 12.3, 14, "samples/s"), "12.3 samples/s (11 – 14 samples/s)"),
        (Interval(0.9e9, 1e9, 1.1e9, "FLOP/s"), "1 GFLOP/s (900 MFLOP/s – 1.1 GFLOP/s)"),
        (Interval(1, 2, 3, "1"), "2 (1 – 3)"),
    ],
)
def test_span(interval, text):
    assert span(interval) == text


def test_times():
    assert times(Interval(1.8, 2.1, 2.4, "1")) == "2.1× (1.8 – 2.4)"


@pytest.mark.parametrize(
    ("taken", "now", "text"),
    [
        (None, "2026-01-01T00:00:00+00:00", ""),
        ("2026-01-01T00:00:00Z", None, ""),
        ("yesterday", "2026-01-01T00:00:00+00:00", ""),
        ("2026-01-01", "2026-01-01T00:00:00+00:00", ""),
        ("2026-01-01T00:00:00Z", "2026-01-01T00:00:10+00:00", "just now"),
        ("2026-01-01T00:00:00Z", "2026-01-03T00:00:00+00:00", "2 d ago"),
    ],
)
def test_age(taken, now, text):
    assert age(taken, now) == text


@pytest.mark.parametrize(
    ("names", "told"),
    [([], ""), (["a"], "a"), (["a", "b"], "a, b"), (["a", "b", "c"], "a, b and others")],
)
def test_a_few_names_stand_for_many(names, told):
    assert few(names, 2) == told
