"""SARIF keeps to the standard's schema and points at the rule's line."""

import json

import pytest
from hypothesis import given, settings

from advisor.render import Style
from advisor.render.sarif import render
from tests.checks import EACH, hostile, line, report


def results(told) -> list[dict]:
    return json.loads(render(told, Style()))["runs"][0]["results"]


def test_every_outcome_is_carried():
    assert [(r["ruleId"], r["kind"], r["level"]) for r in results(EACH)] == [
        ("fine", "pass", "none"),
        ("bad", "fail", "error"),
        ("open", "open", "none"),
        ("elsewhere", "notApplicable", "none"),
        ("excused", "fail", "error"),
        ("small", "fail", "warning"),
        ("other", "pass", "none"),
    ]
    assert results(EACH)[4]["suppressions"][0]["justification"].startswith("waived by ann")


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("rules/policy/x.yaml", "rules/policy/x.yaml"),
        ("/etc/my rules/x.yaml", "file:///etc/my%20rules/x.yaml"),
        ("a#b%.yaml", "a%23b%25.yaml"),
    ],
)
def test_points_at_the_rule(file, uri):
    place = results(report(line("r", "fail", file=file, line=12)))[0]["locations"][0]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": uri},
        "region": {"startLine": 12},
    }


@pytest.fixture(scope="module")
def model():
    module = pytest.importorskip(
        "pydantic_sarif.model", reason="validation needs pydantic-sarif, made from OASIS' schema"
    )
    return module.StaticAnalysisResultsFormatSarifVersion210JsonSchema


def test_keeps_to_the_schema(model):
    read = model.model_validate_json(render(EACH, Style()))
    assert len(read.runs[0].results) == len(EACH.outcomes)


@given(told=hostile())
@settings(max_examples=50)
def test_foreign_text_stays_text(told, model):
    model.model_validate_json(render(told, Style()))
