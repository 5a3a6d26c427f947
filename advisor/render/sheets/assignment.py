"""Several workloads on one machine as a sheet: who runs where and why, then each answer."""

from rich.console import RenderableType

from advisor.assigned import AssignedLine, Assignment
from advisor.render import Style
from advisor.render.sheets import recommendation
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.sheets.sentences import place
from advisor.render.text import span

HEADINGS = {"training": "Who trains where", "inference": "Who infers where"}


def parts(report: Assignment, style: Style) -> list[RenderableType]:
    """Lay out an assignment; the whole answer for each workload follows with ``-v``."""
    sheet: list[RenderableType] = []
    for kind, lines in report.assigned.items():
        sheet += [heading(HEADINGS[kind]), columns([_row(line) for line in lines])]
        for line in lines:
            sheet.append(words(f"{line.workload}: {line.because}"))
        for name in report.unplaced[kind]:
            sheet.append(words(f"{name}: no plan can run here", "warning"))
    if not style.verbose:
        return [*sheet, heading("Each by itself"), words("-v shows the whole answer for each")]
    for answer in report.answers:
        sheet += recommendation.parts(answer, style)
    return sheet


def _row(line: AssignedLine) -> tuple[str, ...]:
    plan = line.plan
    turns = f"; {line.share:.0%} of the time" if line.beside else ""
    return line.workload, place(plan), f"{span(plan.throughput)}{turns}"
