"""JUnit's XML carries what passed, failed and was skipped, whatever the texts hold."""

from xml.etree import ElementTree as ET

import pytest

from advisor.advice import Truth, Verdict
from advisor.errors import AdvisorError
from advisor.render import Style, render
from advisor.report import TrialLine, TrialReport
from advisor.rule import Effect, Severity
from tests.fakes import PROFILE
from tests.render.sheets.test_check import REPORT as CHECK

VERDICT = Verdict(
    rule="a", subject="example 1", truth=Truth.QUIET, effect=Effect.ADVISE,
    severity=Severity.INFO, title="t",
)  # fmt: skip


def trial(rule="a", passed=True, file="a.yaml"):
    return TrialLine(
        rule=rule, number=1, expect="fires", truth="quiet", passed=passed, file=file, line=3,
        verdict=VERDICT,
    )  # fmt: skip


def suite(report):
    return ET.fromstring(render(report, "junit", Style()).encode()).find("testsuite")


def test_trials():
    report = TrialReport(tool="0", trials=(trial(), trial("b", passed=False)), exit=1)
    made = suite(report)
    assert (made.get("tests"), made.get("failures")) == ("2", "1")
    failed = made.findall("testcase")[1]
    assert (failed.get("classname"), failed.get("name")) == ("b", "example 1: fires")
    assert failed.find("failure").get("message") == "a.yaml:3: it is quiet"


def test_hostile_names_are_escaped():
    report = TrialReport(tool="0", trials=(trial("<&\"'\x1b\n", passed=False, file="<"),), exit=1)
    assert suite(report).find("testcase").get("classname") == "<&\"'? "


def test_a_check():
    made = suite(CHECK)
    kinds = [child.tag for case in made for child in case]
    assert kinds.count("failure") == sum(o.outcome == "fail" for o in CHECK.outcomes)
    assert made.get("tests") == str(len(CHECK.outcomes))


def test_a_profile_holds_no_tests():
    with pytest.raises(AdvisorError, match="only checks and tests"):
        render(PROFILE, "junit", Style())
