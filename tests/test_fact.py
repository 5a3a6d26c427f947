"""Declarations know who sees a fact and whether it has a width."""

import pytest

from advisor.fact import Kind, Origin
from tests.small import declare


@pytest.mark.parametrize(
    ("origin", "kind", "wide"),
    [
        (Origin.MEASURED, Kind.NUMBER, True),
        (Origin.PREDICTED, Kind.NUMBER, True),
        (Origin.PREDICTED, Kind.TEXT, False),
        (Origin.PROBED, Kind.NUMBER, False),
        (Origin.GIVEN, Kind.NUMBER, False),
    ],
)
def test_wide(origin, kind, wide):
    assert declare("a", origin=origin, kind=kind).wide is wide


@pytest.mark.parametrize(
    ("subject", "seen_by", "visible"),
    [
        ("machine", "gpu", True),
        ("machine", "plan", True),
        ("gpu", "gpu", True),
        ("gpu", "plan", True),
        ("gpu", "machine", False),
        ("gpu", "disk", False),
        ("plan", "gpu", False),
    ],
)
def test_visible(subject, seen_by, visible):
    assert declare("a", subject=subject).visible(seen_by) is visible
