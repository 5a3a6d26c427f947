"""The shipped JSON Schemas are those of the reports, and the reports keep to them."""

import json

import jsonschema
import pytest

from advisor.errors import AdvisorError, Where
from advisor.render import Style
from advisor.render.errors import as_json
from advisor.render.json import render
from tests.fakes import PROFILE
from tests.render.sheets.test_assignment import REPORT as ASSIGNMENT
from tests.render.sheets.test_check import REPORT as CHECK
from tests.render.sheets.test_recommendation import REPORT as RECOMMENDATION
from tests.tools.write_schemas import TYPES, path, schema

STALE = "run: python tests/tools/write_schemas.py"


@pytest.mark.parametrize("name", TYPES)
def test_shipped_schema_is_current(name):
    assert json.loads(path(name).read_text()) == json.loads(json.dumps(schema(name))), STALE


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("profile", render(PROFILE, Style())),
        ("recommend", render(RECOMMENDATION, Style())),
        ("assignment", render(ASSIGNMENT, Style())),
        ("check", render(CHECK, Style())),
        ("error", as_json(AdvisorError("read x", "it is gone", where=Where("x", 2)))),
    ],
)
def test_reports_keep_to_their_schema(name, text):
    report = json.loads(text)
    jsonschema.validate(report, json.loads(path(name).read_text()))
    assert report["schema"] == f"mlinfra/{name}/1"
