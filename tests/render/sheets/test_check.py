"""The sheet of a check shows what failed first and counts everything."""

import pytest

from advisor.render import Style
from advisor.render.table import render
from tests.checks import line, report

REPORT = report(line("fine", "pass"), line("open", "unknown"), line("bad", "fail", "gpu:0"))


@pytest.mark.parametrize(
    "said",
    [
        "Policy workstation",
        "fail     bad on gpu:0  Title. Because.",
        "unknown  open          Title. Because. To settle: mlinfra bench.",
        "1 pass, 1 fail, 1 unknown, 0 not-applicable, 0 waived: exit 1",
    ],
)
def test_says(said):
    assert said in render(REPORT, Style())


def test_failures_first_and_passes_only_with_v():
    text = render(REPORT, Style())
    assert text.index("bad") < text.index("open")
    assert "fine" not in text
    assert "fine" in render(REPORT, Style(verbose=True))
