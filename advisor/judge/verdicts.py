"""Judges: every rule on every subject it speaks of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from advisor.advice import Step, Truth, Verdict
from advisor.fact import Fact, Facts, Status, Subject, SubjectSet, Vocabulary
from advisor.judge.conditions import decide
from advisor.judge.logic import Answer, conjunction, negation
from advisor.judge.texts import fill, told
from advisor.rule import Effect, Rule

LOOK = "mlinfra probe -v"  # shows why things may be there that were not seen


def judge(rules: Iterable[Rule], facts: Facts, vocabulary: Vocabulary) -> tuple[Verdict, ...]:
    """Return a verdict for each rule and subject, in the order of both."""
    return tuple(verdict for rule in rules for verdict in one_rule(rule, facts, vocabulary))


def speaking(rules: Iterable[Rule], facts: Facts, vocabulary: Vocabulary) -> tuple[Verdict, ...]:
    """Return what `judge` does, but for the verdicts of what neither fires nor is unknown."""
    return tuple(verdict for rule in rules for verdict in _speaking(rule, facts, vocabulary))


def one_rule(rule: Rule, facts: Facts, vocabulary: Vocabulary) -> Iterator[Verdict]:
    """Judge one rule on all subjects of its sort.

    A set that may have unseen members adds one unknown verdict; a set known to be empty gives one
    that is not applicable.
    """
    subjects = facts.sets.get(rule.subject, SubjectSet(()))
    for subject in subjects.members:
        yield one_subject(rule, subject, vocabulary)
    if subjects.unseen is not None:
        yield _unseen(rule, subjects.unseen)
    elif not subjects.members:
        nothing = Subject(rule.subject, {})
        yield _verdict(rule, nothing, Truth.NOT_APPLICABLE, (), vocabulary)


def _speaking(rule: Rule, facts: Facts, vocabulary: Vocabulary) -> Iterator[Verdict]:
    """Judge one rule where it has something to say: the way to the rest is not looked at."""
    subjects = facts.sets.get(rule.subject, SubjectSet(()))
    for subject in subjects.members:
        if _truth(rule, subject.facts, None) in _SPEAKS:
            yield one_subject(rule, subject, vocabulary)
    if subjects.unseen is not None:
        yield _unseen(rule, subjects.unseen)


def one_subject(rule: Rule, subject: Subject, vocabulary: Vocabulary) -> Verdict:
    """Judge one rule on one subject."""
    steps: list[Step] = []
    truth = _truth(rule, subject.facts, steps)
    return _verdict(rule, subject, truth, steps, vocabulary)


# What has something to say: only its texts are filled.
_SPEAKS = frozenset({Truth.FIRES, Truth.UNKNOWN})


def _truth(rule: Rule, facts: Mapping[str, Fact], steps: list[Step] | None) -> Truth:
    applies: Answer = True
    if rule.applies is not None:
        applies = decide(rule.applies, facts, steps, "applies")
    if applies is False:
        return Truth.NOT_APPLICABLE
    holds = decide(rule.when, facts, steps)
    bad = negation(holds) if rule.effect is Effect.REQUIRE else holds
    fires = conjunction((applies, bad))
    if fires is None:
        return Truth.UNKNOWN
    return Truth.FIRES if fires else Truth.QUIET


def _verdict(
    rule: Rule, subject: Subject, truth: Truth, steps: Sequence[Step], vocabulary: Vocabulary
) -> Verdict:
    facts = subject.facts
    speaks = truth in _SPEAKS
    return Verdict(
        rule=rule.id,
        subject=subject.id,
        truth=truth,
        effect=rule.effect,
        severity=rule.severity,
        title=fill(rule.title, facts, vocabulary),
        advice=fill(rule.advice, facts, vocabulary) if speaks else "",
        because=fill(rule.because, facts, vocabulary) if speaks else "",
        fix=rule.fix,
        worth=rule.worth,
        gain=rule.gain,
        steps=tuple(steps),
        settles=settling(steps, vocabulary) if truth is Truth.UNKNOWN else (),
        refs=rule.refs,
        told=told((rule.title, rule.advice, rule.because), facts) if speaks else (),
    )


def _unseen(rule: Rule, why: str) -> Verdict:
    """Return the verdict on members of a set that nobody could look at."""
    step = Step(f"more of {rule.subject} may be there: {why}", None)
    return Verdict(
        rule=rule.id,
        subject=f"{rule.subject}:?",
        truth=Truth.UNKNOWN,
        effect=rule.effect,
        severity=rule.severity,
        title=fill(rule.title, {}, {}),
        steps=(step,),
        settles=(LOOK,),
        refs=rule.refs,
    )


def settling(steps: Sequence[Step], vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the commands that would decide what is open, each once."""
    found: dict[str, None] = {}
    for step in undecided(steps):
        for fact in step.facts:
            if fact.status is Status.UNKNOWN or fact.low != fact.high:
                declared = vocabulary.get(fact.name)
                command = fact.remedy or (declared.settles if declared else None)
                found |= {command: None} if command else {}
    return tuple(found)


def undecided(steps: Sequence[Step]) -> Iterator[Step]:
    """Return the sub-conditions that hang on a value, leaving out decided blocks."""
    decided: int | None = None
    for step in steps:
        if decided is not None and step.depth > decided:
            continue
        decided = None if step.answer is None else step.depth
        if step.answer is None and step.facts:
            yield step
