"""Prometheus text format 0.0.4, for node_exporter's textfile collector.

The file carries when the profile was taken, since a collector cannot tell how old a file's news is.
"""

from collections.abc import Iterable
from datetime import datetime

from advisor.render import Printable, Style
from advisor.render.outcomes import checked
from advisor.render.text import clean
from advisor.report import CheckReport, Outcome

OUTCOMES = ("pass", "fail", "unknown", "not-applicable", "waived")


def render(report: Printable, _style: Style) -> str:
    """Return the report as metrics."""
    check = checked(report, "prometheus")
    return "\n".join([*_whole(check), *_outcomes(check.outcomes), *_values(check.outcomes)])


def _whole(check: CheckReport) -> list[str]:
    counted = [_sample("outcomes", number, outcome=word) for word, number in check.counts.items()]
    taken = datetime.fromisoformat(check.taken).timestamp()
    return [
        *_head("exit_code", "What the check returned: 0 passed, 1 failed, 3 inconclusive."),
        _sample("exit_code", check.exit, tool=check.tool),
        *_head("taken_timestamp_seconds", "When the profile that was judged was taken."),
        _sample("taken_timestamp_seconds", taken),
        *_head("outcomes", "How many rules came to each outcome."),
        *counted,
    ]


def _outcomes(outcomes: Iterable[Outcome]) -> list[str]:
    lines = _head("outcome", "1 for the outcome that a rule came to, 0 for the others.")
    for outcome in outcomes:
        labels = _labels(outcome) | {"severity": outcome.severity}
        lines += [
            _sample("outcome", int(word == outcome.outcome), **labels, outcome=word)
            for word in OUTCOMES
        ]
    return lines


def _values(outcomes: Iterable[Outcome]) -> list[str]:
    found = {
        _sample("value", value, **_labels(outcome), fact=fact, unit=outcome.units.get(fact, ""))
        for outcome in outcomes
        for fact, value in outcome.values.items()
        if isinstance(value, int | float)
    }
    head = _head("value", "The facts that rules compared, in base units.")
    return [*head, *sorted(found)] if found else []


def _labels(outcome: Outcome) -> dict[str, str]:
    return {"policy": outcome.policy, "rule": outcome.rule, "subject": outcome.subject}


def _head(metric: str, text: str) -> list[str]:
    return [f"# HELP mlinfra_check_{metric} {text}", f"# TYPE mlinfra_check_{metric} gauge"]


def _sample(metric: str, value: float, **labels: str) -> str:
    inside = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
    return f"mlinfra_check_{metric}{f'{{{inside}}}' if inside else ''} {float(value)!r}"


def _escaped(text: str) -> str:
    return clean(text).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
