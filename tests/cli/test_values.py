"""Times on a command line are read as people write them."""

import pytest

from advisor.cli.values import seconds
from advisor.errors import AdvisorError


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30s", 30),
        ("30", 30),
        ("5m", 300),
        ("5 min", 300),
        ("2h", 7200),
        ("1d", 86400),
        ("500ms", 0.5),
    ],
)
def test_times(text, value):
    assert seconds(text, "--time") == pytest.approx(value)


@pytest.mark.parametrize("text", ["", "banana", "0", "-3s", "5 GiB", "5mm", "nan", "inf"])
def test_what_is_no_time(text):
    with pytest.raises(AdvisorError, match="read --time"):
        seconds(text, "--time")
