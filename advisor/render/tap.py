"""TAP version 14: a test point an outcome, its story in a YAML block.

What was told not to count, and what is waived, is TODO, which harnesses do not fail; what does not
apply is SKIP.
"""

import msgspec

from advisor.render import Printable, Style
from advisor.render.outcomes import checked, line, name, words
from advisor.render.text import clean
from advisor.report import Outcome


def render(report: Printable, _style: Style) -> str:
    """Return the report as TAP."""
    check = checked(report, "tap")
    points = [
        text for number, outcome in enumerate(check.outcomes, 1) for text in _point(number, outcome)
    ]
    return "\n".join(["TAP version 14", f"1..{len(check.outcomes)}", *points])


def _point(number: int, outcome: Outcome) -> list[str]:
    ok = "ok" if outcome.outcome in {"pass", "not-applicable"} else "not ok"
    title = _escaped(f"{outcome.policy}: {name(outcome)}")
    head = f"{ok} {number} - {title}{_directive(outcome)}"
    return [head] if outcome.outcome == "pass" else [head, *_story(outcome)]


def _directive(outcome: Outcome) -> str:
    if outcome.outcome == "not-applicable":
        return " # SKIP not applicable"
    if outcome.standing == "excused":
        return f" # TODO {_escaped(outcome.waiver)}"
    if outcome.standing == "minor":
        return f" # TODO {outcome.outcome}, severity {outcome.severity}: does not count"
    return ""


def _escaped(text: str) -> str:
    return line(clean(text)).replace("\\", "\\\\").replace("#", "\\#")


def _story(outcome: Outcome) -> list[str]:
    told = {
        "outcome": outcome.outcome,
        "severity": outcome.severity,
        "message": clean(words(outcome)),
        "at": clean(f"{outcome.file}:{outcome.line or 1}"),
    }
    return ["  ---", *(f"  {key}: {_scalar(value)}" for key, value in told.items()), "  ..."]


def _scalar(text: str) -> str:
    """Quote as JSON does, which is a double-quoted scalar of YAML in one line."""
    return msgspec.json.encode(text).decode()
