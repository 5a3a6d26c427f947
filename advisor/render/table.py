"""The table for people: 80 columns, plain text where the terminal is plain."""

from collections.abc import Callable
from io import StringIO
from typing import Any

from msgspec.structs import replace
from rich.console import Console, RenderableType

from advisor.assigned import Assignment
from advisor.compared import DifferenceReport
from advisor.part import PartList
from advisor.profile import Profile
from advisor.render import Printable, Style
from advisor.render.sheets import (
    assignment,
    check,
    difference,
    facts,
    parts,
    profile,
    recommendation,
    rules,
    upgrade,
    verification,
)
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

SHEETS: dict[type[Printable], Callable[[Any, Style], list[RenderableType]]] = {
    Profile: profile.parts,
    Recommendation: recommendation.parts,
    Assignment: assignment.parts,
    CheckReport: check.parts,
    RuleList: rules.listing,
    RuleSheet: rules.sheet,
    LintReport: rules.lint,
    TrialReport: rules.trials,
    Explanation: rules.explanation,
    FactReport: facts.parts,
    DifferenceReport: difference.parts,
    PartList: parts.parts,
    VerifyReport: verification.parts,
    UpgradeReport: upgrade.parts,
}


# The longest answer that is not asked for in full, in lines of 80 columns.
MOST_LINES = 60
_FEWEST = 7


def render(report: Printable, style: Style) -> str:
    """Return the report laid out for a screen of the style's width; advice is kept short."""
    lines = _lines(report, style)
    whole = style.verbose or style.explain or not isinstance(report, Recommendation)
    while not whole and len(lines) > MOST_LINES and style.fewer < _FEWEST:
        style = replace(style, fewer=style.fewer + 1)
        lines = _lines(report, style)
    return "\n".join(lines)


def _lines(report: Printable, style: Style) -> list[str]:
    out = StringIO()
    console = Console(
        file=out,
        width=style.width,
        force_terminal=style.color,
        no_color=not style.color,
        highlight=False,
        emoji=False,
        markup=False,
        soft_wrap=False,
    )
    for part in SHEETS[type(report)](report, style):
        console.print(part)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join(lines).strip("\n").split("\n")
