"""A policy put to a machine."""

from pathlib import Path

from advisor import __version__, book, judge
from advisor.errors import AdvisorError, Where
from advisor.judge.outcomes import Judged, counts, exit_code, outcome
from advisor.pipeline.answer import digest
from advisor.pipeline.folders import layered, place
from advisor.pipeline.look import Look, probe
from advisor.report import CheckReport, Outcome
from advisor.rule import Policy, Rule, Severity
from advisor.vocabulary import Situation, declared, state


def check(name: str, look: Look, folders: tuple[Path, ...], fail_on: Severity) -> CheckReport:
    """Judge a machine by a policy.

    Raises:
        AdvisorError: the policy cannot be read, or holds no rule.
    """
    vocabulary = declared()
    policy = book.policy(name, layered(folders), vocabulary)
    if not policy.rules:
        raise _empty(policy)
    profile = probe(look)
    verdicts = judge.judge(policy.rules, state(Situation(profile=profile)), vocabulary)
    waivers = {waiver.rule: waiver for waiver in policy.waivers}
    judged = [outcome(verdict, waivers, profile.taken) for verdict in verdicts]
    rules = {rule.id: rule for rule in policy.rules}
    return CheckReport(
        tool=__version__,
        profile=digest(profile),
        taken=profile.taken,
        policy=policy.name,
        outcomes=tuple(_outcome(j, rules[j.verdict.rule]) for j in judged),
        counts=counts(judged),
        exit=exit_code(judged, fail_on),
    )


def _empty(policy: Policy) -> AdvisorError:
    return AdvisorError(
        "check the machine",
        "the policy holds no rule, so that it could not fail",
        where=Where(policy.name),
        remedy="give it rules",
    )


def _outcome(judged: Judged, rule: Rule) -> Outcome:
    verdict = judged.verdict
    facts = [fact for step in verdict.steps for fact in step.facts]
    return Outcome(
        rule=verdict.rule,
        subject=verdict.subject,
        outcome=judged.result,
        severity=verdict.severity,
        title=verdict.title,
        message=" ".join(filter(None, [verdict.because, verdict.advice, judged.note])),
        values={fact.name: fact.value for fact in facts},
        settles=verdict.settles,
        file=place(rule.where.file),
        line=rule.where.line,
    )
