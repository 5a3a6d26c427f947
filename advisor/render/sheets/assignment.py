"""Several workloads on one machine as a sheet: who runs where and why, then each answer."""

from collections.abc import Iterable

from rich.console import RenderableType

from advisor.assigned import AssignedLine, Assignment
from advisor.render import Style
from advisor.render.sheets import recommendation
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.sheets.sentences import place
from advisor.render.text import span
from advisor.report import PlanLine

HEADINGS = {"training": "Who trains where", "inference": "Who infers where"}


def parts(report: Assignment, style: Style) -> list[RenderableType]:
    """Lay out an assignment; the whole answer for each workload follows with ``-v``."""
    sheet: list[RenderableType] = []
    for kind, lines in report.assigned.items():
        rows = [row for line in lines for row in _rows(line)]
        sheet += [heading(HEADINGS[kind]), columns(rows)]
        sheet += [words(text, "warning") for text in _crowded(lines)]
        for name in report.unplaced[kind]:
            sheet.append(words(f"{name}: no plan can run here", "warning"))
    if not style.verbose:
        return [*sheet, heading("Each by itself"), words("-v shows the whole answer for each")]
    for answer in report.answers:
        sheet += recommendation.parts(answer, style)
    return sheet


def _rows(line: AssignedLine) -> list[tuple[str, str]]:
    """Say where a workload runs, how fast and with which memory, and why there."""
    plan = line.plan
    needs = f"; needs {span(plan.memory_range)}" if plan.memory_range else ""
    return [
        (line.workload, f"{place(plan)}: {_speed(plan)}{needs}"),
        ("", line.because),
    ]


def _speed(plan: PlanLine) -> str:
    """Print a rate; of a whole job, how long it takes."""
    if plan.seconds_range and plan.throughput and plan.throughput.unit == "jobs/s":
        return f"{span(plan.seconds_range)} for the whole job"
    return span(plan.throughput)


def _crowded(lines: Iterable[AssignedLine]) -> list[str]:
    """Warn where those who share a place may need more memory together than it has."""
    places: dict[str, list[PlanLine]] = {}
    for line in lines:
        places.setdefault(line.plan.place, []).append(line.plan)
    told = []
    for where, plans in places.items():
        # What is trained is copied to each device, and a model for answers split: of shares alone
        # there is a sum.
        most = sum(
            plan.memory_range.high / plan.memory_available
            for plan in plans
            if plan.memory_range and plan.memory_available
        )
        if len(plans) > 1 and most > 1:
            told.append(
                f"On {where} they may together need up to {most:.0%} of its memory: start the "
                "larger one first, and watch"
            )
    return told
