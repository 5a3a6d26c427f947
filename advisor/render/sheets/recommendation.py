"""`recommend` as a sheet: the answer first, then why, then what to change."""

from rich.console import RenderableType

from advisor.advice import Verdict
from advisor.machine import Gap
from advisor.render import Style
from advisor.render.sheets.answer import answer_lines, inside, settle
from advisor.render.sheets.explain import conditions
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.sheets.profile import machine_line, measured, speeds
from advisor.render.sheets.sentences import predicted, sentences
from advisor.render.text import age, few
from advisor.report import DisturbedLine, FindingLine, OpenLine, Recommendation

HEADINGS = {
    "training": "Training",
    "fit": "Training (the whole fit)",
    "inference": "Inference",
    "prefill": "Inference: reading the prompt (prefill)",
    "decode": "Inference: writing the answer (decode)",
}
RANGES = "In brackets: 95 % of further runs (measured) or 80 % of outcomes (predicted)."
MOST_MISSED = 3
# How the remedy of what the time was too short for begins.
_MORE_TIME = "mlinfra bench "
MOST_OPEN = 1
MOST_FIXES = 3
MOST_FINDINGS = 2
MOST_NAMED = 3
MOST_NOTES = 2
OPEN = "Open questions"


def parts(report: Recommendation, style: Style) -> list[RenderableType]:
    """Lay out a recommendation."""
    sheet: list[RenderableType] = [heading(report.title)]
    sheet += [words(text) for text in sentences(report)]
    told = [
        *_asked(report),
        *_network(report, style),
        *(("Pretended", text) for text in report.pretended),
    ]
    sheet += [words(""), columns([*told, *_basis(report, style)])]
    titles = {verdict.rule: verdict.title for verdict in report.verdicts}
    shed = max(style.fewer - _SHED, 0)
    for phase, answer in report.plans.items():
        lines = answer_lines(answer, titles, verbose=style.verbose, fewer=shed)
        sheet += [heading(HEADINGS.get(phase, phase)), columns(lines)]
    fixes, findings = _most(report, style)
    sheet += _findings("What to change (free fixes first)", report.fixes, fixes, brief=shed > 0)
    sheet += _findings("What to know", report.findings, findings, brief=not style.verbose)
    sheet += _open(report.open, style) if shed < _LAST else []
    sheet += [words(""), words(RANGES)]
    if style.explain:
        sheet += conditions(report.verdicts if style.verbose else _told(report))
    return sheet


def _asked(report: Recommendation) -> list[tuple[str, str]]:
    """Say what was asked of plans, and which of it has no effect."""
    told = "; ".join(report.asked)
    idle = f"; without effect here: {', '.join(report.idle)}" if report.idle else ""
    return [("Asked for", told + idle)] if told else []


def _network(report: Recommendation, style: Style) -> list[tuple[str, str]]:
    """Say what was assumed in reading the network, in short the first."""
    shown = report.notes if style.verbose else report.notes[:MOST_NOTES]
    rest = len(report.notes) - len(shown)
    more = f" (and {rest} more: -v)" if rest else ""
    return [("Network", "; ".join(shown) + more)] if shown else []


# After so many further steps of shortening nothing is asked any more.
_LAST = 4


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


# So many times a sheet sheds fixes and findings before it sheds what is said of plans.
_SHED = MOST_FIXES - 1 + MOST_FINDINGS - 1


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
    told = [_missed(gap) for gap in missed] if style.verbose else _few(missed)
    lines = [("Machine", machine_line(report.machine)), *_speeds(report, style)]
    lines += [("Not timed", words) for words in told]
    return lines + [("Disturbed", _shaken(line)) for line in report.disturbed]


def _shaken(line: DisturbedLine) -> str:
    """Say how many figures were disturbed, by what, and what to do about it."""
    told = f"{line.figures} of {line.of} figures of {line.device}: {line.cause}"
    return f"{told}; run `mlinfra bench` again when it is quiet"


def _few(missed: list[Gap]) -> list[str]:
    """Tell the first others; of those that more time would cure the first, and how many."""
    late = [gap for gap in missed if gap.remedy.startswith(_MORE_TIME)]
    others = [gap for gap in missed if gap not in late]
    told = [_missed(gap) for gap in others[: MOST_MISSED - bool(late)]]
    if late:
        more = f" (and {len(late) - 1} like it: -v)" if len(late) > 1 else ""
        told.append(_missed(late[0]) + more)
    return told


def _missed(gap: Gap) -> str:
    remedy = f"; {gap.remedy}" if gap.remedy else ""
    return f"{gap.what.removeprefix('measurements.')}: {gap.why}{remedy}"


def _speeds(report: Recommendation, style: Style) -> list[tuple[str, str]]:
    """Show what was measured; of many figures, in short, only where and how many."""
    told = speeds(report.measurements, style)
    if style.verbose or style.explain or len(told) <= 1:
        return told
    counted: dict[str, int] = {}
    for measurement in report.measurements:
        counted[measurement.device] = counted.get(measurement.device, 0) + 1
    rest = len(counted) - MOST_NAMED
    most = [f"{number} of {device}" for device, number in counted.items()][:MOST_NAMED]
    most += [f"those of {rest} more place{'s' if rest > 1 else ''}"] if rest > 0 else []
    last = age(max(filter(None, (m.taken for m in report.measurements)), default=None), style.now)
    when = f", the last {last}" if last else ""
    label = measured(report.measurements)
    return [(label, f"figures: {', '.join(most)}{when} (`mlinfra probe` shows them)")]


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
        gains = {phase: gain for each in alike for phase, gain in each.gains.items()}
        reasons = " ".join(filter(None, (line.because, predicted(gains))))
        texts = [text for text in (line.advice, reasons) if text]
        short = brief or (most is not None and number == MOST_FIXES)
        sheet += [words(text, indent=4) for text in (texts[:1] if short else texts)]
    return [*sheet, *_left([alike[0] for alike in told[len(told[:most]) :]])]


def _left(lines: list[FindingLine]) -> list[RenderableType]:
    """Name the last one that is not shown, or count them."""
    if len(lines) == 1:
        return [words(f"and: {inside(lines[0].title)} [{lines[0].rule}] (-v says how)")]
    return [words(f"and {len(lines)} more: -v shows all")] if lines else []


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
    return f" ({few(named, MOST_NAMED)})" if named else ""


def _open(lines: tuple[OpenLine, ...], style: Style) -> list[RenderableType]:
    """Ask what may change the advice and can be settled, by what settles it; count the rest."""
    if style.verbose:
        told = [(line.rule, f"{line.title}{settle(line)}") for line in lines]
        return [heading(OPEN), columns(told)] if told else []
    asked: dict[str, dict[str, str]] = {}
    for line in lines:
        if line.severity != "info" and line.settles:
            asked.setdefault(line.settles[0], {})[line.rule] = line.title
    if not asked:
        return []
    # What this program can settle is asked before what takes something else.
    groups = sorted(asked.items(), key=lambda group: not group[0].startswith("mlinfra "))
    (remedy, first), *more = groups
    few = ", ".join(f"{inside(title)} [{rule}]" for rule, title in list(first.items())[:MOST_OPEN])
    left = sum(map(len, (first, *(titles for _, titles in more)))) - min(len(first), MOST_OPEN)
    rest = f" ({left} more: -v shows all)" if left else ""
    return [
        heading(OPEN),
        words(f"Not known whether {few}: `{remedy.removeprefix('run ')}` would tell{rest}"),
    ]
