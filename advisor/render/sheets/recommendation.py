"""`recommend` as a sheet: the answer first, then why, then what to change."""

from rich.console import RenderableType

from advisor.advice import Verdict
from advisor.estimate import Interval
from advisor.render import Style
from advisor.render.sheets.explain import conditions
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.sheets.profile import machine_line, measured, speeds
from advisor.render.sheets.sentences import place, sentences
from advisor.render.text import age, span, times
from advisor.report import Answer, FindingLine, OpenLine, PlanLine, Recommendation, RejectedLine
from advisor.units import show

HEADINGS = {
    "training": "Training",
    "fit": "Training (the whole fit)",
    "inference": "Inference",
    "prefill": "Inference: reading the prompt (prefill)",
    "decode": "Inference: writing the answer (decode)",
}
RANGES = (
    "Ranges in brackets: a measured one should hold another run's result 95 times in 100, a "
    "predicted one the truth 80 times in 100."
)
MOST_MISSED = 3
MOST_BEYOND = 3
MOST_REJECTED = 1
MOST_OPEN = 1
MOST_FIXES = 3
MOST_FINDINGS = 2
MOST_NAMED = 3


def parts(report: Recommendation, style: Style) -> list[RenderableType]:
    """Lay out a recommendation."""
    sheet: list[RenderableType] = [heading(report.title)]
    sheet += [words(text) for text in sentences(report)]
    sheet.append(columns([("Pretended", text) for text in report.pretended]))
    sheet.append(columns(_basis(report, style)))
    for phase, answer in report.plans.items():
        sheet += [heading(HEADINGS.get(phase, phase)), columns(_answer(answer, style))]
    fixes, findings = _most(report, style)
    sheet += _findings("What to change (free fixes first)", report.fixes, fixes)
    sheet += _findings("What to know", report.findings, findings, brief=not style.verbose)
    sheet += _open(report.open, style)
    sheet += [words(""), words(RANGES)]
    if style.explain:
        sheet += conditions(report.verdicts if style.verbose else _told(report))
    return sheet


def _most(report: Recommendation, style: Style) -> tuple[int | None, int | None]:
    """Return how many fixes and findings are shown: one fewer each beside places beyond.

    A sheet that is to be shorter drops findings first, but for one, then fixes, but for one.
    """
    if style.verbose:
        return None, None
    beyond = any(plan.device for answer in report.plans.values() for plan in answer.places)
    fixes, findings = MOST_FIXES - beyond, MOST_FINDINGS - beyond
    fewer = min(style.fewer, findings - 1)
    return max(fixes - style.fewer + fewer, 1), findings - fewer


def _told(report: Recommendation) -> tuple[Verdict, ...]:
    """Leave out what rules say of plans that came neither first nor second."""
    told = {
        plan.id
        for answer in report.plans.values()
        for plan in (answer.chosen, answer.runner_up)
        if plan
    }
    phases = tuple(f"{phase}/" for phase in report.plans)
    return tuple(
        v for v in report.verdicts if v.subject in told or not v.subject.startswith(phases)
    )


def _basis(report: Recommendation, style: Style) -> list[tuple[str, str]]:
    """Say what the answer rests on, and what should have been timed and was not."""
    missed = [gap for gap in report.machine.gaps if gap.what.startswith("measurements.")]
    most = len(missed) if style.verbose else MOST_MISSED
    lines = [("Machine", machine_line(report.machine)), *_speeds(report, style)]
    for gap in missed[:most]:
        remedy = f"; {gap.remedy}" if gap.remedy else ""
        lines.append(("Not timed", f"{gap.what.removeprefix('measurements.')}: {gap.why}{remedy}"))
    return lines


def _speeds(report: Recommendation, style: Style) -> list[tuple[str, str]]:
    """Show what was measured; of many figures, in short, only where and how many."""
    told = speeds(report.measurements, style)
    if style.verbose or style.explain or len(told) <= 1:
        return told
    counted: dict[str, int] = {}
    for measurement in report.measurements:
        counted[measurement.device] = counted.get(measurement.device, 0) + 1
    rest = len(counted) - MOST_NAMED
    few = [f"{number} of {device}" for device, number in counted.items()][:MOST_NAMED]
    few += [f"those of {rest} more place{'s' if rest > 1 else ''}"] if rest > 0 else []
    last = age(max(filter(None, (m.taken for m in report.measurements)), default=None), style.now)
    when = f", the last {last}" if last else ""
    label = measured(report.measurements)
    return [(label, f"figures: {', '.join(few)}{when} (`mlinfra probe` shows them)")]


def _answer(answer: Answer, style: Style) -> list[tuple[str, str]]:
    if answer.chosen is None:
        why = answer.why_none or "no plan could be decided"
        lines = [("No plan", f"{why}; to settle: {answer.settles}" if answer.settles else why)]
    else:
        lines = [("Run on", place(answer.chosen)), *_plan(answer.chosen)]
        lines += _next_best(answer)
        lines += _elsewhere(answer, style)
    if answer.preferred:
        lines.append(("Preferred", f"by {', '.join(answer.preferred)}"))
    lines += [("Doubt", _doubt(doubt)) for doubt in answer.doubts]
    return lines + _rejected(answer.rejected, style)


def _plan(plan: PlanLine) -> list[tuple[str, str]]:
    if plan.throughput is None:
        return [("Speed", f"unknown: {plan.unpredicted}")]
    timed = any(basis.origin == "measured" for basis in plan.basis)
    doubt = "" if timed else "; from published figures, not timed here"
    lines = [("Speed", f"{_speed(plan)}; limited by {plan.bound}{doubt}")]
    if plan.job and plan.job_seconds:
        lines.append(("Job", f"{plan.job}: {span(plan.job_seconds)}"))
    if plan.latency and plan.streams:
        each = "a token" if plan.throughput.unit == "tokens/s" else "an answer"
        lines.append(("Latency", f"{span(plan.latency)} {each}; feeds {_streams(plan)}"))
    if plan.memory_range:
        there = plan.memory_available
        of = f" of {show(there, 'bytes')} available" if there is not None else ""
        lines.append(("Memory", f"{span(plan.memory_range)} needed{of}"))
    return lines


def _streams(plan: PlanLine) -> str:
    return f"{span(plan.streams)} streams" if plan.streams else "streams: unknown"


def _speed(plan: PlanLine) -> str:
    """Print a rate; of what takes seconds or more, how long one takes."""
    if plan.seconds_range and plan.throughput and plan.throughput.unit == "jobs/s":
        return f"{span(plan.seconds_range)} for the whole job"
    return span(plan.throughput)


def _next_best(answer: Answer) -> list[tuple[str, str]]:
    if answer.runner_up is None or answer.faster is None:
        return [("Next best", "nothing else can run it here")]
    if answer.tied:
        settles = f"; to decide: {answer.settles}" if answer.settles else ""
        return [("Tied with", f"{place(answer.runner_up)}{settles}")]
    if answer.faster.high < 1:
        other = Interval(
            1 / answer.faster.high, 1 / answer.faster.likely, 1 / answer.faster.low, "1"
        )
        faster = f"{place(answer.runner_up)}: {times(other)} faster"
        # A preferred plan stands where the other does not surely gain what the rule asks of it.
        why = ", which is not surely enough" if answer.preferred else f", if it runs{_room(answer)}"
        return [("Not taken", faster + why)]
    return [("Next best", f"{place(answer.runner_up)}: {times(answer.faster)} slower")]


def _room(answer: Answer) -> str:
    """Say that a plan may not fit where what it may need at most is more than there is."""
    plan = answer.runner_up
    if plan is None or plan.memory_range is None or plan.memory_available is None:
        return ""
    if plan.memory_range.high <= plan.memory_available:
        return ""
    there = show(plan.memory_available, "bytes")
    return f": it may need {show(plan.memory_range.high, 'bytes')} of {there}"


def _elsewhere(answer: Answer, style: Style) -> list[tuple[str, str]]:
    """Name places beyond the machine and what they would do, the fastest first."""
    beyond = [plan for plan in answer.places if plan.device and plan != answer.chosen]
    if style.verbose:
        return [("Elsewhere", f"{place(plan)}: {_would(plan)}") for plan in beyond]
    first = {plan.place: plan for plan in reversed(beyond)}
    best = [plan for plan in beyond if first[plan.place] is plan]
    return [("Elsewhere", f"{p.place} ({p.device}): {_would(p)}") for p in best[:MOST_BEYOND]]


def _would(plan: PlanLine) -> str:
    if plan.job_seconds:
        return f"{show(plan.job_seconds.likely, 's', 2)} for the job"
    late = f", {show(plan.latency.likely, 's', 2)} an answer" if plan.latency else ""
    rate = plan.throughput
    return f"{show(rate.likely, rate.unit, 2)}{late}" if rate else "unknown"


def _doubt(line: OpenLine) -> str:
    return f"{line.title} ({line.rule}){_settle(line)}"


def _settle(line: OpenLine) -> str:
    return f"; to settle: {', '.join(line.settles)}" if line.settles else ""


def _rejected(rejected: tuple[RejectedLine, ...], style: Style) -> list[tuple[str, str]]:
    """Say why plans were ruled out: each with -v, else rule by rule."""
    if style.verbose:
        return [("Ruled out", f"{place(r.plan)} by {r.rule}: {r.because}") for r in rejected]
    by_rule: dict[str, list[RejectedLine]] = {}
    for line in rejected:
        by_rule.setdefault(line.rule, []).append(line)
    groups = list(by_rule.values())
    told = [_together(group) for group in groups[:MOST_REJECTED]]
    rest = ", ".join(f"{len(group)} by {group[0].rule}" for group in groups[MOST_REJECTED:])
    told += [f"{rest} (-v shows each)"] if rest else []
    return list(zip(["Ruled out", *[""] * MOST_REJECTED], told, strict=False))


def _together(group: list[RejectedLine]) -> str:
    """Say in one line what one rule removed: how many plans where, and why the best of them."""
    best = group[0]
    if len(group) == 1:
        return f"{place(best.plan)} by {best.rule}: {best.because}"
    places = list(dict.fromkeys(line.plan.place for line in group))
    few = places if len(places) <= MOST_NAMED else [*places[:MOST_NAMED], "…"]
    return (
        f"{len(group)} plans on {', '.join(few)} by {best.rule}, {place(best.plan)} for one: "
        f"{best.because}"
    )


def _findings(
    title: str, lines: tuple[FindingLine, ...], most: int | None, *, brief: bool = False
) -> list[RenderableType]:
    """Lay out what rules say, the most severe first and at most so many.

    In brief, what advises something leaves its reason to -v, as the last of many fixes does.
    """
    if not lines:
        return []
    sheet: list[RenderableType] = [heading(title)]
    told = _alike(lines)
    for number, alike in enumerate(told[:most], 1):
        line = alike[0]
        about = _about([each.subject for each in alike])
        sheet.append(words(f"{line.title}{about}  [{line.rule}]", line.severity))
        texts = [text for text in (line.advice, line.because) if text]
        short = brief or (most is not None and number == MOST_FIXES)
        sheet += [words(text, indent=4) for text in (texts[:1] if short else texts)]
    left = len(told) - len(told[:most])
    return [*sheet, words(f"and {left} more: -v shows all")] if left else sheet


def _alike(lines: tuple[FindingLine, ...]) -> list[list[FindingLine]]:
    """Put what a rule says in the same words of several things together."""
    found: dict[tuple[str, ...], list[FindingLine]] = {}
    for line in lines:
        key = (line.rule, line.title, line.advice, line.because)
        found.setdefault(key, []).append(line)
    return list(found.values())


def _about(subjects: list[str]) -> str:
    """Name what a rule speaks of, where that is not plain: the phase, for a chosen plan."""
    named = list(dict.fromkeys(s.partition("/")[0] for s in subjects if s != "machine"))
    if not named:
        return ""
    few = named if len(named) <= MOST_NAMED else [*named[:MOST_NAMED], "…"]
    return f" ({', '.join(few)})"


def _open(lines: tuple[OpenLine, ...], style: Style) -> list[RenderableType]:
    """Ask what matters and can be settled; what would only be good to know is counted."""
    asked = [line for line in lines if line.severity != "info" and line.settles]
    shown = lines if style.verbose else asked[:MOST_OPEN]
    if not shown:
        return []
    told = [(line.rule, f"{line.title}{_settle(line)}") for line in shown]
    left = len(lines) - len(shown)
    if left > 0:
        told[-1] = (told[-1][0], f"{told[-1][1]} (and {left} more: -v shows all)")
    return [heading("Open questions (is it so?)"), columns(told)]
