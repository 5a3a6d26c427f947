"""`diff` as a sheet: a heading for each sort of change, before and after beside each other."""

from rich.console import RenderableType

from advisor.compared import DifferenceReport
from advisor.difference import Change, Side
from advisor.measurement import HEADLINES
from advisor.render import Style
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.text import FIGURES
from advisor.units import digits, show


def parts(report: DifferenceReport, style: Style) -> list[RenderableType]:
    """Lay out the changes; those that come by themselves only where all is asked for."""
    sheet: list[RenderableType] = []
    for side in Side:
        changes = [change for change in report.changes if change.side is side]
        told = changes if style.verbose else [change for change in changes if _matters(change)]
        if told:
            sheet += [heading(side.capitalize()), columns([_line(c) for c in told], keep=())]
        if len(told) < len(changes) and side is Side.SPEED:
            sheet.append(words(_more(len(changes) - len(told))))
    if not sheet:
        return [words("Nothing changed that does not change by itself.")]
    return [words(_first(report)), *sheet]


def _matters(change: Change) -> bool:
    """Whether it is no change that comes by itself, and of speeds a headline or a sure change."""
    if change.side is not Side.SPEED:
        return change.side is not Side.STATE
    name = change.what.partition(": ")[2].partition(" ")[0]
    return name in HEADLINES or (change.decided and change.ratio is not None)


def _more(count: int) -> str:
    return f"  {count} other figures differ no more than two runs do, or were timed once: -v"


def _first(report: DifferenceReport) -> str:
    """Say what changed first: on other hardware or software, other speed means something else."""
    sides = {change.side for change in report.changes}
    if Side.HARDWARE in sides:
        also = (
            ", and the software too." if Side.SOFTWARE in sides else "; the software is the same."
        )
        return f"The hardware changed{also}"
    if Side.SOFTWARE in sides:
        return "The software changed; the hardware is the same."
    return "Neither hardware nor software changed."


def _line(change: Change) -> tuple[str, ...]:
    values = f"{_value(change, change.before)} -> {_value(change, change.after)}"
    return (change.what, values, _note(change))


def _value(change: Change, value: object) -> str:
    if value is None:
        return "not known"
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    unit = change.unit or ("bytes" if change.what.endswith("_bytes") else "")
    return show(float(str(value)), unit, FIGURES) if number and unit else str(value)


def _note(change: Change) -> str:
    if change.ratio is None:
        return ""
    return f"{digits(change.ratio)}×" + (
        "" if change.decided else ", within the spread of two runs"
    )
