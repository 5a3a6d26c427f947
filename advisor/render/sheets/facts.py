"""Facts as a sheet: each with its meaning, its unit, and its value here."""

from rich.console import RenderableType

from advisor.fact import Fact
from advisor.render import Style
from advisor.render.sheets import explain
from advisor.render.sheets.layout import columns, heading, words
from advisor.stated import FactLine, FactReport

MOST = 3  # values of one fact; a machine may have hundreds of plans


def parts(report: FactReport, style: Style) -> list[RenderableType]:
    """Lay out all facts, by what they are of."""
    sheet: list[RenderableType] = []
    for subject in dict.fromkeys(line.subject for line in report.facts):
        here = [line for line in report.facts if line.subject == subject]
        lines = [_line(line, style) for line in here]
        sheet += [heading(f"Of the {subject}"), columns(lines)]
    return [*sheet, words(f"{len(report.facts)} facts; those of plans want --workload")]


def _line(line: FactLine, style: Style) -> tuple[str, ...]:
    unit = line.unit if line.kind == "number" else line.kind
    shown = list(line.values.items())
    kept = shown if style.verbose else shown[:MOST]
    values = [_value(name, fact) for name, fact in kept]
    if len(shown) > len(kept):
        values.append(f"and {len(shown) - len(kept)} more")
    return (line.name, unit, f"{line.meaning}: {'; '.join(values)}" if values else line.meaning)


def _value(name: str, fact: Fact) -> str:
    told = explain.value(fact).removeprefix(fact.name).removeprefix(" = ").removeprefix(" is ")
    return told if name == "machine" else f"{name} {told}"
