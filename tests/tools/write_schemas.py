"""Writes the JSON Schemas of all that `--format json` prints.

Run: python tests/tools/write_schemas.py
"""

import json
from inspect import cleandoc
from pathlib import Path
from typing import Any

import msgspec

from advisor.assigned import Assignment
from advisor.compared import DifferenceReport
from advisor.errors import ErrorReport
from advisor.part import PartList
from advisor.profile import Profile
from advisor.report import (
    CheckReport,
    Explanation,
    LintReport,
    Recommendation,
    RuleList,
    RuleSheet,
    TrialReport,
)
from advisor.stated import FactReport
from advisor.upgraded import UpgradeReport
from advisor.verified import VerifyReport

FOLDER = Path(__file__).parents[2] / "advisor" / "render" / "schemas"
TYPES = {
    "profile": Profile,
    "recommend": Recommendation,
    "assignment": Assignment,
    "check": CheckReport,
    "diff": DifferenceReport,
    "error": ErrorReport,
    "rules": RuleList,
    "rule": RuleSheet,
    "lint": LintReport,
    "trials": TrialReport,
    "explain": Explanation,
    "facts": FactReport,
    "parts": PartList,
    "verify": VerifyReport,
    "upgrade": UpgradeReport,
}


def schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of one kind of report."""
    dialect = "https://json-schema.org/draft/2020-12/schema"
    made = msgspec.json.schema(TYPES[name])
    made["$defs"][TYPES[name].__name__]["properties"]["schema"] = {"const": f"mlinfra/{name}/1"}
    return {"$schema": dialect, "title": f"mlinfra/{name}/1", **_dedented(made)}


def _dedented(part: Any) -> Any:
    """Take the indent off docstrings, as Python does by itself from 3.13 on."""
    if isinstance(part, dict):
        return {key: _dedented(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_dedented(value) for value in part]
    return cleandoc(part) if isinstance(part, str) else part


def path(name: str) -> Path:
    """Return the file that ships the schema."""
    return FOLDER / f"{name}-1.json"


if __name__ == "__main__":
    for name in TYPES:
        path(name).write_text(json.dumps(schema(name), indent=1, sort_keys=True) + "\n")
