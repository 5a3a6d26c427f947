"""`check` as a sheet: failures first, then what is open, then the count."""

from rich.console import RenderableType

from advisor.render import Style, outcomes
from advisor.render.sheets.layout import columns, heading, words
from advisor.report import CheckReport, Outcome

ORDER = ("fail", "unknown", "waived", "pass", "not-applicable")
QUIET = ("pass", "not-applicable")


def parts(report: CheckReport, style: Style) -> list[RenderableType]:
    """Lay out a check."""
    shown = [o for o in report.outcomes if style.verbose or o.outcome not in QUIET]
    shown.sort(key=lambda o: ORDER.index(o.outcome))
    sheet: list[RenderableType] = [heading(f"Policy {', '.join(report.policies)}")]
    if shown:
        sheet.append(columns([_line(o) for o in shown], keep=(0, 1)))
    counted = ", ".join(f"{number} {name}" for name, number in report.counts.items())
    return [*sheet, words(f"{counted}: exit {report.exit}")]


def _line(outcome: Outcome) -> tuple[str, ...]:
    return (outcome.outcome, outcomes.name(outcome), outcomes.words(outcome))
