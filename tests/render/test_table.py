"""The table fits its width and is plain where it must be."""

import pytest

from advisor.render import Style
from advisor.render.table import render
from tests.fakes import PROFILE


@pytest.mark.parametrize("width", [60, 80, 100])
def test_fits_and_is_plain(width):
    text = render(PROFILE, Style(width=width))
    assert max(len(line) for line in text.splitlines()) <= width
    assert "\x1b" not in text


def test_colour_only_where_asked():
    assert "\x1b[1m" in render(PROFILE, Style(color=True))
