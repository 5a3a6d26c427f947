"""Rules as their authors work on them: listed, shown, linted, tested and explained."""

from collections.abc import Sequence
from pathlib import Path

from advisor import __version__, book, judge, predict
from advisor.advice import Trial
from advisor.book import Survey
from advisor.errors import AdvisorError, AdvisorErrors, Exit
from advisor.fact import Vocabulary
from advisor.pipeline import kept
from advisor.pipeline.answer import digest
from advisor.pipeline.folders import layered, place
from advisor.pipeline.look import Look, probe
from advisor.pipeline.published import parts_of
from advisor.pipeline.recommend import Question, constants, estimates
from advisor.profile import Profile
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
from advisor.rule import Remark, Rule, Severity
from advisor.vocabulary import Situation, declared, state


def listing(folders: Sequence[Path]) -> RuleList:
    """List every rule that is in force."""
    rules = kept.rules(layered(folders), declared())
    return RuleList(tool=__version__, rules=tuple(_line(rule) for rule in rules))


def show(name: str, folders: Sequence[Path]) -> RuleSheet:
    """Show one rule as it is written."""
    rule = find(name, folders, declared())
    text = Path(rule.where.file).read_text(encoding="utf-8")
    return RuleSheet(tool=__version__, rule=_line(rule), text=text)


def find(name: str, folders: Sequence[Path], vocabulary: Vocabulary) -> Rule:
    """Return the rule of this id.

    Raises:
        AdvisorError: there is none; the nearest is named.
    """
    known = {rule.id: rule for rule in kept.rules(layered(folders), vocabulary)}
    if name in known:
        return known[name]
    remedy = book.near(name, known) or "`mlinfra rules list` names them all"
    raise AdvisorError(f"find the rule {name[:60]!r}", "no rule has this id", remedy=remedy)


def lint(paths: Sequence[Path], folders: Sequence[Path]) -> LintReport:
    """Say what is wrong with the files at some paths, or with every rule in force."""
    known = _known(paths)
    found = _survey(paths, folders, known)
    unread = [_unread(problem) for problem in found.problems]
    remarks = [_remark(remark) for remark in judge.lint(found.rules, declared(), known)]
    failed = unread or any(remark.severity == Severity.ERROR for remark in remarks)
    return LintReport(
        tool=__version__,
        files=found.files,
        remarks=(*unread, *remarks),
        exit=int(Exit.FAILED if failed else Exit.DONE),
    )


def trials(paths: Sequence[Path], folders: Sequence[Path]) -> TrialReport:
    """Put the examples of the rules at some paths, or of every rule in force, to the test.

    Raises:
        AdvisorError: a file cannot be read, or there is nothing to test.
    """
    found = _survey(paths, folders, _known(paths))
    if found.problems:
        raise AdvisorErrors("read rules", found.problems)
    tried = judge.try_examples(found.rules, declared())
    if not tried:
        raise AdvisorError("test rules", "no rule there has an example")
    failed = not all(trial.passed for trial in tried)
    return TrialReport(
        tool=__version__,
        trials=tuple(_trial(trial) for trial in tried),
        exit=int(Exit.FAILED if failed else Exit.DONE),
    )


def explain(name: str, look: Look, workload: str | None, folders: Sequence[Path]) -> Explanation:
    """Judge one rule here, with every condition and its values."""
    vocabulary = declared()
    rule = find(name, folders, vocabulary)
    profile = probe(look)
    facts = state(situation(profile, look, workload, folders))
    return Explanation(
        tool=__version__,
        profile=digest(profile),
        taken=profile.taken,
        rule=_line(rule),
        verdicts=judge.judge([rule], facts, vocabulary),
    )


def situation(
    profile: Profile, look: Look, workload: str | None, folders: Sequence[Path]
) -> Situation:
    """Return all that facts are stated of: with a workload, its plans too."""
    parts = parts_of(profile.machine, folders)
    if workload is None:
        return Situation(profile=profile, parts=parts)
    wanted = book.workload(workload, layered(folders))
    question = Question(workload=workload, rules=tuple(folders), look=look)
    listed = estimates(wanted, profile, question, constants(question.rules))
    return Situation(
        profile=profile, workload=wanted, estimates=listed, ratio=predict.ratio, parts=parts
    )


def _known(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """Return the shipped rules, where what is looked at lies beside them."""
    return kept.rules((), declared()) if paths else ()


def _survey(paths: Sequence[Path], folders: Sequence[Path], known: Sequence[Rule]) -> Survey:
    return book.survey(paths or (book.shipped(), *layered(folders)), known, declared())


def _line(rule: Rule) -> RuleLine:
    return RuleLine(
        id=rule.id,
        title=rule.title,
        subject=rule.subject,
        effect=rule.effect,
        severity=rule.severity,
        file=place(rule.where.file),
        line=rule.where.line,
        replaces=place(rule.replaces.file) if rule.replaces else None,
    )


def _unread(error: AdvisorError) -> RemarkLine:
    where = error.where
    return RemarkLine(
        rule=None,
        severity=Severity.ERROR,
        wrong=error.wrong,
        remedy=error.remedy,
        file=where.file if where else "",
        line=where.line if where else None,
        column=where.column if where else None,
        excerpt=error.excerpt,
    )


def _remark(remark: Remark) -> RemarkLine:
    return RemarkLine(
        rule=remark.rule,
        severity=remark.severity,
        wrong=remark.wrong,
        remedy=remark.remedy,
        file=remark.where.file,
        line=remark.where.line,
        column=remark.where.column,
    )


def _trial(trial: Trial) -> TrialLine:
    return TrialLine(
        rule=trial.rule,
        number=trial.number,
        expect=trial.expect,
        truth=trial.verdict.truth,
        passed=trial.passed,
        file=place(trial.where.file),
        line=trial.where.line,
        verdict=trial.verdict,
    )
