"""Policies put to a machine."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from advisor import __version__, book, judge
from advisor.advice import Truth, Verdict
from advisor.fact import Fact, Status
from advisor.judge.outcomes import Judged, Strictness, counts, exit_code, outcome, standing
from advisor.measurement import Measurement, Quality
from advisor.pipeline.answer import digest
from advisor.pipeline.folders import layered, place
from advisor.pipeline.published import parts_for
from advisor.pipeline.record import changed
from advisor.profile import Profile
from advisor.report import CheckReport, Outcome
from advisor.rule import Policy, Rule
from advisor.vocabulary import Situation, declared, state

BENCH = "mlinfra bench "


def policies(
    names: Sequence[str], folders: tuple[Path, ...], demands: Sequence[str] = ()
) -> tuple[Policy, ...]:
    """Read policies: shipped names, policy or rule files, folders of them; ``demands`` add one.

    Raises:
        AdvisorError: one cannot be read, or holds no rule.
    """
    read = book.policies(names, layered(folders), declared())
    return (*read, *book.demands(demands, declared()))


def benchmarks(policies: Sequence[Policy]) -> tuple[str, ...]:
    """Return which benchmarks make the measured facts known that the rules name."""
    conditions = [c for p in policies for r in p.rules for c in (r.when, r.applies) if c]
    facts = {name for condition in conditions for name in book.names(condition)}
    commands = [declared()[name].settles or "" for name in facts]
    found = {c.removeprefix(BENCH) for c in commands if c.startswith(BENCH)}
    return tuple(sorted(found))


def check(
    policies: Sequence[Policy],
    profile: Profile,
    strictness: Strictness,
    folders: tuple[Path, ...] = (),
) -> CheckReport:
    """Judge a machine by policies; the same input gives the same report, byte for byte."""
    rules = [rule for policy in policies for rule in policy.rules]
    situation = Situation(profile=profile, parts=parts_for(rules, profile.machine, folders))
    outcomes = [told for policy in policies for told in _judged_by(policy, situation, strictness)]
    return CheckReport(
        tool=__version__,
        profile=digest(profile),
        taken=profile.taken,
        policies=tuple(policy.name for policy in policies),
        fail_on=strictness.fail_on,
        unknown_as=strictness.unknown_as,
        outcomes=tuple(outcomes),
        counts=counts(told.outcome for told in outcomes),
        exit=exit_code([told.standing for told in outcomes]),
    )


def _judged_by(policy: Policy, situation: Situation, strictness: Strictness) -> list[Outcome]:
    verdicts = _verdicts(policy, situation)
    waivers = {waiver.rule: waiver for waiver in policy.waivers}
    rules = {rule.id: rule for rule in policy.rules}
    judged = [outcome(verdict, waivers, situation.profile.taken) for verdict in verdicts]
    return [_outcome(j, policy, rules[j.verdict.rule], strictness) for j in judged]


def _verdicts(policy: Policy, situation: Situation) -> tuple[Verdict, ...]:
    """Judge; recorded limits speak only of what they were recorded on, and of plain values."""
    if policy.recorded is None:
        return judge.judge(policy.rules, state(situation), declared())
    replace = msgspec.structs.replace
    profile = situation.profile
    bare = replace(profile, measurements=tuple(map(_bare, profile.measurements)))
    stated = state(replace(situation, profile=bare))
    verdicts = judge.judge(policy.rules, stated, declared())
    why = changed(policy.recorded, profile.machine)
    if not why:
        return verdicts
    doubt = {"truth": Truth.UNKNOWN, "because": why, "settles": ("mlinfra check --record",)}
    return tuple(replace(verdict, **doubt) for verdict in verdicts)


def _bare(measurement: Measurement) -> Measurement:
    """Leave out a sound number's width, which a recorded limit holds already."""
    if measurement.quality is not Quality.VALID:
        return measurement
    return msgspec.structs.replace(measurement, low=measurement.value, high=measurement.value)


def _outcome(judged: Judged, policy: Policy, rule: Rule, strictness: Strictness) -> Outcome:
    verdict = judged.verdict
    facts = [fact for step in verdict.steps for fact in step.facts]
    return Outcome(
        policy=policy.name,
        rule=verdict.rule,
        subject=verdict.subject,
        outcome=judged.result,
        standing=standing(judged, strictness),
        severity=verdict.severity,
        title=verdict.title,
        message=_message(judged, rule),
        values={fact.name: fact.value for fact in facts},
        units={fact.name: fact.unit for fact in facts if fact.unit},
        ranges=_ranges(facts),
        settles=verdict.settles,
        waiver=judged.note,
        file=place(rule.where.file),
        line=rule.where.line,
    )


def _ranges(facts: Iterable[Fact]) -> dict[str, tuple[float, float]]:
    """Return low and high of the facts that have a width."""
    return {
        fact.name: (fact.low, fact.high)
        for fact in facts
        if fact.low is not None and fact.high is not None and fact.low < fact.high
    }


def _message(judged: Judged, rule: Rule) -> str:
    """Say why, and what to do where that is sure; of an open question what is not known."""
    verdict = judged.verdict
    sure = verdict.truth is Truth.FIRES
    other = f"This rule replaces {place(rule.replaces.file)}." if rule.replaces else ""
    said = [verdict.because, verdict.advice if sure else _unknown(verdict), judged.note, other]
    return " ".join(filter(None, said))


def _unknown(verdict: Verdict) -> str:
    facts = {fact.name: fact for step in verdict.steps for fact in step.facts}
    words = [f"{f.name}: {f.why}" for f in facts.values() if f.status is Status.UNKNOWN and f.why]
    if verdict.subject.endswith(":?"):  # a thing that could not be looked at
        words = [step.text for step in verdict.steps]
    return f"Not known: {'; '.join(words)}." if words else ""
