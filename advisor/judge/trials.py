"""Examples as tests: each rule judged on the facts that its author listed."""

from collections.abc import Iterable

from advisor.advice import Trial
from advisor.fact import Subject, Vocabulary
from advisor.judge.verdicts import one_subject
from advisor.rule import Rule


def try_examples(rules: Iterable[Rule], vocabulary: Vocabulary) -> tuple[Trial, ...]:
    """Judge every example of every rule; a fact that is not listed is unknown."""
    trials = []
    for rule in rules:
        for number, example in enumerate(rule.examples, start=1):
            facts = {fact.name: fact for fact in example.facts}
            subject = Subject(f"example {number}", facts)
            verdict = one_subject(rule, subject, vocabulary)
            trials.append(Trial(rule.id, number, example.expect, verdict, example.where))
    return tuple(trials)
