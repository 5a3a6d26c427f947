"""Steal time is a share of all CPU time, or not known."""

import pytest

from advisor.probe.steal import look
from tests.forest import grow


@pytest.mark.parametrize(
    ("stat", "wanted"),
    [
        ("cpu  60 0 10 20 0 0 0 10 0 0\ncpu0 1 2\n", 0.1),
        ("cpu  60 0 10 20 0 0 0 0 5 0\n", 0.0),
        ("cpu  0 0 0 0 0 0 0 0 0 0\n", None),
        ("cpu  60 0 10 20\n", None),
        ("cpu  60 0 x 20 0 0 0 10\n", None),
        ("intr 1 2 3 4 5 6 7 8 9\n", None),
        (None, None),
    ],
)
def test_steal(stat, wanted):
    assert look(grow({} if stat is None else {"/proc/stat": stat})) == wanted
