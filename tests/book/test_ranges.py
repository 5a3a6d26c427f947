"""Numbers and lists are held within the bounds of their field."""

import msgspec
import pytest

from advisor.book.ranges import Misfit, within
from advisor.book.reader import parse

NODE = parse(b"x", "a.yaml").root


@pytest.mark.parametrize(
    ("value", "bounds", "wrong"),
    [
        (-1, {"ge": 1}, "-1 is not at least 1"),
        (0.0, {"gt": 0}, "0 is not above 0"),
        (11, {"le": 10}, "11 is not at most 10"),
        (float("nan"), {"ge": 0}, "nan is not at least 0"),
        ((), {"min_length": 1}, "at least 1 should be here"),
        ("abc", {"max_length": 2}, "more than 2"),
    ],
)
def test_what_is_outside(value, bounds, wrong):
    with pytest.raises(Misfit, match=wrong):
        within(NODE, value, [msgspec.Meta(**bounds)])


def test_what_is_inside():
    within(NODE, 5, [msgspec.Meta(ge=5, le=5)])
    within(NODE, None, [msgspec.Meta(ge=5)])
