"""Markdown, for job summaries: a check as a table, any other report as its sheet."""

from importlib import import_module

from advisor.render import Printable, Style
from advisor.render.outcomes import line, name, words
from advisor.render.text import clean
from advisor.report import CheckReport, Outcome

SIGNS = {"fail": "❌", "unknown": "❔", "waived": "⏸", "pass": "✅", "not-applicable": "➖"}


def render(report: Printable, style: Style) -> str:
    """Return the report as GitHub-flavoured Markdown."""
    return _check(report) if isinstance(report, CheckReport) else _sheet(report, style)


def _sheet(report: Printable, style: Style) -> str:
    """Print the table for people between fences longer than any inside it."""
    text: str = import_module("advisor.render.table").render(report, style)
    fence = "`" * max(3, 1 + _longest_run(text))
    return f"{fence}text\n{text}\n{fence}"


def _longest_run(text: str) -> int:
    runs = "".join(c if c == "`" else " " for c in text).split()
    return max(map(len, runs), default=0)


def _check(check: CheckReport) -> str:
    counted = ", ".join(f"{number} {word}" for word, number in check.counts.items() if number)
    title = f"### Policy {_cell(', '.join(check.policies))}: {counted} (exit {check.exit})"
    ranked = sorted(check.outcomes, key=lambda o: list(SIGNS).index(o.outcome))
    lines = [_row(outcome) for outcome in ranked]
    return "\n".join([title, "", "| | rule | says |", "|---|---|---|", *lines])


def _row(outcome: Outcome) -> str:
    said = _cell(words(outcome))
    return f"| {SIGNS[outcome.outcome]} {outcome.outcome} | {_cell(name(outcome))} | {said} |"


def _cell(text: str) -> str:
    """Escape what would end a cell, start a link, an image or markup, or call a person or issue."""
    return "".join(f"&#{ord(c)};" if c in "&<>\\`*_[]|~@#" else c for c in line(clean(text)))
