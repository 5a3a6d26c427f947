"""JSON carries the whole profile and reads back as the same value."""

import msgspec

from advisor.profile import Profile
from advisor.render import Style
from advisor.render.json import render
from tests.fakes import PROFILE


def test_reads_back():
    assert msgspec.json.decode(render(PROFILE, Style()), type=Profile) == PROFILE
