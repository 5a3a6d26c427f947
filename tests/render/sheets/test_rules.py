"""Sheets of rules say place, fault and remedy."""

import msgspec
import pytest

from advisor.advice import Step, Truth, Verdict
from advisor.render import Style, render
from advisor.report import (
    Explanation,
    LintReport,
    RemarkLine,
    RuleLine,
    RuleList,
    RuleSheet,
    TrialLine,
    TrialReport,
)
from advisor.rule import Effect, Severity

RULE = RuleLine(
    id="few-cores", title="Few cores", subject="machine", effect="advise", severity="info",
    file="rules/few-cores.yaml", line=1,
)  # fmt: skip
VERDICT = Verdict(
    rule="few-cores", subject="machine", truth=Truth.FIRES, effect=Effect.ADVISE,
    severity=Severity.INFO, title="Few cores", because="There are 2.", advice="Find more.",
    steps=(Step("cpu.cores < 4", True),),
)  # fmt: skip
TRIAL = TrialLine(
    rule="few-cores", number=2, expect="quiet", truth="fires", passed=False,
    file="few-cores.yaml", line=9, verdict=VERDICT,
)  # fmt: skip
REMARK = RemarkLine(
    rule=None, severity="error", wrong="no fact is called 'x'", remedy="look", file="a.yaml",
    line=4, column=7, excerpt="  when: x\n        ^",
)  # fmt: skip
REPLACED = msgspec.structs.replace(RULE, replaces="rules/old.yaml")


@pytest.mark.parametrize(
    ("report", "said"),
    [
        (RuleList(tool="0", rules=(RULE,)), ["For each machine", "few-cores", "1 rules"]),
        (RuleList(tool="0", rules=(REPLACED,)), ["in place of", "rules/old.yaml"]),
        (RuleSheet(tool="0", rule=RULE, text="id: few-cores\n"), ["id: few-cores", "yaml:1"]),
        (RuleSheet(tool="0", rule=REPLACED, text="id: x"), ["takes the place of rules/old.yaml"]),
        (LintReport(tool="0", files=3, remarks=(REMARK,), exit=1),
         ["a.yaml:4:7: error: no fact is called 'x'; look", "    when: x\n          ^",
          "3 files: 1 errors, 0 warnings"]),
        (TrialReport(tool="0", trials=(TRIAL,), exit=1),
         ["few-cores.yaml:9: few-cores, example 2: expected quiet, but it is fires",
          "true: cpu.cores < 4", "1 examples: 0 passed, 1 failed"]),
        (Explanation(tool="0", profile="x", taken="", rule=RULE, verdicts=(VERDICT,)),
         ["few-cores on machine: fires", "true: cpu.cores < 4", "There are 2. Find more."]),
    ],
)  # fmt: skip
def test_sheets(report, said):
    text = render(report, "table", Style(width=100))
    for words in said:
        assert words in text


def test_what_passed_is_shown_if_asked():
    passed = msgspec.structs.replace(TRIAL, passed=True)
    report = TrialReport(tool="0", trials=(passed,), exit=0)
    assert "as expected" not in render(report, "table", Style())
    assert "as expected" in render(report, "table", Style(verbose=True))
