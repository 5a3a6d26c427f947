"""The sheet of a check shows what failed first and counts everything."""

import pytest

from advisor.render import Style
from advisor.render.table import render
from advisor.report import CheckReport, Outcome


def line(rule: str, outcome: str, subject: str = "machine") -> Outcome:
    return Outcome(
        rule=rule,
        subject=subject,
        outcome=outcome,
        severity="error",
        title="Title",
        message="Because.",
        values={},
        settles=("mlinfra bench",) if outcome == "unknown" else (),
        file="f.yaml",
        line=1,
    )


REPORT = CheckReport(
    tool="0.1.0",
    profile="abc",
    taken="2026-01-01T00:00:00Z",
    policy="workstation",
    outcomes=(line("fine", "pass"), line("open", "unknown"), line("bad", "fail", "gpu:0")),
    counts={"pass": 1, "fail": 1, "unknown": 1, "not-applicable": 0, "waived": 0},
    exit=1,
)


@pytest.mark.parametrize(
    "said",
    [
        "Policy workstation",
        "fail     bad   Title on gpu:0. Because.",
        "unknown  open  Title. Because. To settle: mlinfra bench.",
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
