"""Rules as sheets: the list, one rule, what lint says, what examples show."""

from rich.console import RenderableType

from advisor.render import Style
from advisor.render.sheets import explain
from advisor.render.sheets.layout import columns, heading, verbatim, words
from advisor.report import (
    Explanation,
    LintReport,
    RemarkLine,
    RuleLine,
    RuleList,
    RuleSheet,
    TrialLine,
    TrialReport,
)


def listing(report: RuleList, style: Style) -> list[RenderableType]:
    """Lay out all rules, by what they speak of."""
    sheet: list[RenderableType] = []
    for subject in sorted({rule.subject for rule in report.rules}):
        here = [rule for rule in report.rules if rule.subject == subject]
        sheet += [heading(f"For each {subject}"), columns([_rule(rule, style) for rule in here])]
    return [*sheet, words(f"{len(report.rules)} rules; `mlinfra rules show ID` prints one")]


def _rule(rule: RuleLine, style: Style) -> tuple[str, ...]:
    title = rule.title
    if rule.replaces:
        title += f" (in place of {rule.replaces})"
    if style.verbose:
        title += f" [{rule.file}]"
    return (rule.id, rule.effect, rule.severity, title)


def sheet(report: RuleSheet, _style: Style) -> list[RenderableType]:
    """Lay out one rule as it is written."""
    rule = report.rule
    above = [heading(rule.title), words(f"{rule.file}:{rule.line}", "dim")]
    if rule.replaces:
        above.append(words(f"takes the place of {rule.replaces}", "warning"))
    return [*above, verbatim(report.text.rstrip("\n"))]


def lint(report: LintReport, _style: Style) -> list[RenderableType]:
    """Lay out what lint says, as compilers do: place, then fault, then what to do."""
    errors = sum(remark.severity == "error" for remark in report.remarks)
    warnings = len(report.remarks) - errors
    counted = f"{report.files} files: {errors} errors, {warnings} warnings"
    remarks = [part for remark in report.remarks for part in _remark(remark)]
    return [*remarks, words(counted, indent=0)]


def _remark(remark: RemarkLine) -> list[RenderableType]:
    place = ":".join(str(part) for part in (remark.file, remark.line, remark.column) if part)
    about = f"{remark.rule}: " if remark.rule else ""
    remedy = f"; {remark.remedy}" if remark.remedy else ""
    line = f"{place}: {remark.severity}: {about}{remark.wrong}{remedy}"
    return [
        words(line, remark.severity, 0),
        *([verbatim(remark.excerpt)] if remark.excerpt else []),
    ]


def trials(report: TrialReport, style: Style) -> list[RenderableType]:
    """Lay out the examples that failed, each with the conditions as they were decided."""
    failed = [trial for trial in report.trials if not trial.passed]
    shown = report.trials if style.verbose else failed
    counted = f"{len(report.trials)} examples: {len(report.trials) - len(failed)} passed, "
    parts = [part for trial in shown for part in _trial(trial)]
    return [*parts, words(f"{counted}{len(failed)} failed", indent=0)]


def _trial(trial: TrialLine) -> list[RenderableType]:
    place = f"{trial.file}:{trial.line}: {trial.rule}, example {trial.number}"
    if trial.passed:
        return [words(f"{place}: {trial.truth}, as expected", "good", 0)]
    line = f"{place}: expected {trial.expect}, but it is {trial.truth}"
    return [words(line, "error", 0), *explain.one(trial.verdict)[1:]]


def explanation(report: Explanation, _style: Style) -> list[RenderableType]:
    """Lay out one rule on everything here that it speaks of."""
    parts = [heading(f"{report.rule.title} ({report.rule.file})")]
    for verdict in report.verdicts:
        parts += explain.one(verdict)
        said = " ".join(filter(None, [verdict.because, verdict.advice]))
        parts += [words(said, indent=4)] if said else []
    return parts
