"""SARIF 2.1.0: results that point at the line of the rule they rest on.

Sections of the standard (OASIS, 2020): kinds 3.27.9, level 3.27.10, suppressions 3.35.
"""

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

import msgspec

from advisor.render import Printable, Style
from advisor.render.outcomes import checked, name, words
from advisor.render.text import clean
from advisor.report import CheckReport, Outcome

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
KINDS = {"pass": "pass", "fail": "fail", "unknown": "open", "not-applicable": "notApplicable",
         "waived": "fail"}  # fmt: skip
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def render(report: Printable, _style: Style) -> str:
    """Return the report as a SARIF log with one run."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(checked(report, "sarif"))]}
    return msgspec.json.format(msgspec.json.encode(log), indent=1).decode()


def _run(check: CheckReport) -> dict[str, Any]:
    rules = list(dict.fromkeys(outcome.rule for outcome in check.outcomes))
    driver = {"name": "mlinfra", "version": check.tool, "rules": _rules(check.outcomes)}
    done = {"executionSuccessful": True, "exitCode": check.exit, "endTimeUtc": check.taken}
    return {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"mlinfra/{'+'.join(map(clean, check.policies))}/"},
        "invocations": [done],
        "properties": {"profile": check.profile, "counts": check.counts},
        "results": [_result(outcome, rules.index(outcome.rule)) for outcome in check.outcomes],
    }


def _rules(outcomes: Iterable[Outcome]) -> list[dict[str, Any]]:
    first = {outcome.rule: outcome for outcome in reversed(list(outcomes))}
    return [
        {
            "id": clean(rule),
            "shortDescription": {"text": clean(first[rule].title)},
            "defaultConfiguration": {"level": LEVELS[first[rule].severity]},
        }
        for rule in dict.fromkeys(outcome.rule for outcome in outcomes)
    ]


def _result(outcome: Outcome, index: int) -> dict[str, Any]:
    kind = KINDS[outcome.outcome]
    result = {
        "ruleId": clean(outcome.rule),
        "ruleIndex": index,
        "kind": kind,
        "level": LEVELS[outcome.severity] if kind == "fail" else "none",
        "message": {"text": clean(words(outcome))},
        "locations": [_location(outcome)],
        "partialFingerprints": {"mlinfra/1": clean(f"{outcome.policy}/{name(outcome)}")},
        "properties": {"outcome": outcome.outcome, "standing": outcome.standing},
    }
    if outcome.outcome == "waived":
        result["suppressions"] = [{"kind": "external", "justification": clean(outcome.waiver)}]
    return result


def _location(outcome: Outcome) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(outcome.file)}}
    if outcome.line:
        physical["region"] = {"startLine": outcome.line}
    logical = {"name": clean(outcome.subject), "kind": "resource"}
    return {"physicalLocation": physical, "logicalLocations": [logical]}


def _uri(file: str) -> str:
    path = quote(file.replace("\\", "/"))
    return f"file://{path}" if path.startswith("/") else path
