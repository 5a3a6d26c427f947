"""The table for people: 80 columns, plain text where the terminal is plain."""

from io import StringIO

from rich.console import Console, RenderableType

from advisor.profile import Profile
from advisor.render import Printable, Style
from advisor.render.sheets import check, profile, recommendation
from advisor.report import Recommendation


def render(report: Printable, style: Style) -> str:
    """Return the report laid out for a screen of the style's width."""
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
    for part in _parts(report, style):
        console.print(part)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    return "\n".join(lines).strip("\n")


def _parts(report: Printable, style: Style) -> list[RenderableType]:
    if isinstance(report, Profile):
        return profile.parts(report, style)
    if isinstance(report, Recommendation):
        return recommendation.parts(report, style)
    return check.parts(report, style)
