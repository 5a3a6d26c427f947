"""JUnit keeps to Jenkins' schema, carries every outcome, and survives foreign text."""

import warnings
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given

from advisor.advice import Truth, Verdict
from advisor.errors import AdvisorError
from advisor.render import Style
from advisor.render.junit import render
from advisor.report import TrialLine, TrialReport
from advisor.rule import Effect, Severity
from tests.checks import EACH, hostile
from tests.fakes import PROFILE

XSD = Path(__file__).parent.parent / "schemas" / "junit-10.xsd"


def read(text: str) -> dict[str, tuple[str, str]]:
    """Read back what CI shows: case → (element, its type)."""
    cases = ET.fromstring(text.encode()).iter("testcase")
    return {
        case.get("name", ""): next(((c.tag, c.get("type", "")) for c in case), ("", "pass"))
        for case in cases
    }


def test_every_outcome_is_carried():
    assert read(render(EACH, Style())) == {
        "fine": ("", "pass"),
        "bad on gpu:0": ("failure", "fail"),
        "open": ("error", "unknown"),
        "elsewhere": ("skipped", "not-applicable"),
        "excused": ("skipped", "waived"),
        "small": ("skipped", "fail"),
        "other": ("", "pass"),
    }


def test_the_sums_are_right():
    suites = ET.fromstring(render(EACH, Style()).encode())
    assert dict(suites.items()) == {"name": "mlinfra", "tests": "7", "failures": "1", "errors": "1"}
    assert [(s.get("name"), s.get("tests"), s.get("skipped")) for s in suites] == [
        ("workstation", "6", "3"),
        ("gpu-node", "1", "0"),
    ]


@pytest.fixture(scope="module")
def schema():
    pytest.importorskip("xmlschema", reason="validation needs the package xmlschema")
    import xmlschema

    with warnings.catch_warnings(action="ignore"):
        return xmlschema.XMLSchema(str(XSD))


def test_keeps_to_the_schema(schema):
    schema.validate(render(EACH, Style()))


@given(told=hostile())
def test_foreign_text_stays_text(told, schema):
    text = render(told, Style())
    schema.validate(text)
    assert len(list(ET.fromstring(text.encode()).iter("testcase"))) == len(told.outcomes)


VERDICT = Verdict(
    rule="a", subject="example 1", truth=Truth.QUIET, effect=Effect.ADVISE,
    severity=Severity.INFO, title="t",
)  # fmt: skip


def trial(rule: str, *, passed: bool, file: str = "a.yaml") -> TrialLine:
    return TrialLine(
        rule=rule, number=1, expect="fires", truth="quiet", passed=passed, file=file, line=3,
        verdict=VERDICT,
    )  # fmt: skip


def test_trials_of_rules(schema):
    trials = (trial("a", passed=True), trial("<&\"'\x1b\n", passed=False, file="<"))
    text = render(TrialReport(tool="0", trials=trials, exit=1), Style())
    schema.validate(text)
    good, bad = ET.fromstring(text.encode()).iter("testcase")
    assert (good.get("classname"), good.get("name"), len(good)) == ("a", "example 1: fires", 0)
    assert bad.get("classname") == "<&\"'\ufffd\n"
    assert bad[0].get("message") == "<:3: it is quiet"


def test_a_profile_holds_no_tests():
    with pytest.raises(AdvisorError, match="only checks and tests"):
        render(PROFILE, Style())
