"""Decides a condition for one subject, and keeps every step."""

from collections.abc import Iterable, Mapping
from typing import Literal

from advisor.advice import Step
from advisor.fact import Fact, Kind, Status
from advisor.judge import numbers
from advisor.judge.logic import Answer, conjunction, disjunction, negation
from advisor.judge.versions import key
from advisor.rule import (
    Block,
    Comparison,
    Condition,
    Constant,
    Existence,
    Expression,
    Membership,
    Name,
)

Line = Comparison | Membership | Existence
Part = Literal["applies", "when"]


def decide(
    condition: Condition,
    facts: Mapping[str, Fact],
    steps: list[Step] | None = None,
    part: Part = "when",
    depth: int = 0,
) -> Answer:
    """Decide a condition on these facts, and append a step for it and each of its parts.

    Without ``steps`` only the answer is sought: what comes after the deciding part is not looked
    at.
    """
    if isinstance(condition, Block):
        if steps is None:
            return _joined(condition, (decide(inner, facts) for inner in condition.parts))
        place = len(steps)
        parts = [decide(inner, facts, steps, part, depth + 1) for inner in condition.parts]
        answer = _joined(condition, parts)
        steps.insert(place, Step(condition.kind, answer, (), depth, part))
        return answer
    names = (condition.name,) if isinstance(condition, Existence) else condition.facts
    used = tuple([facts.get(name) or unstated(name) for name in names])
    answer = _leaf(condition, used, facts)
    if steps is not None:
        steps.append(Step(condition.text, answer, used, depth, part))
    return answer


def _joined(block: Block, parts: Iterable[Answer]) -> Answer:
    if block.kind == "not":
        return negation(next(iter(parts)))
    return conjunction(parts) if block.kind == "all" else disjunction(parts)


def unstated(name: str) -> Fact:
    """Return what is known of a fact that nobody stated."""
    return Fact(name=name, status=Status.UNKNOWN, why="nothing was found out about it")


# Kinds of values that are the same or not, whatever their width.
_WORDS = frozenset({Kind.TEXT, Kind.FLAG})


def _leaf(condition: Line, used: tuple[Fact, ...], facts: Mapping[str, Fact]) -> Answer:
    if isinstance(condition, Existence):
        status = used[0].status
        return None if status is Status.UNKNOWN else (status is Status.KNOWN) is condition.wanted
    for fact in used:
        if fact.status is not Status.KNOWN:
            return None
    if isinstance(condition, Membership) and condition.kind in _WORDS:
        found = _value(condition.left, facts)
        return any(_value(choice, facts) == found for choice in condition.choices)
    if isinstance(condition, Comparison):
        return _compare(condition.kind, condition.operator, condition.left, condition.right, facts)
    return disjunction(
        _compare(condition.kind, "==", condition.left, choice, facts)
        for choice in condition.choices
    )


def _compare(
    kind: Kind, operator: str, left: Expression, right: Expression, facts: Mapping[str, Fact]
) -> Answer:
    if kind is Kind.NUMBER:
        return numbers.decide(numbers.prepare(operator, left, right), facts)
    one, other = _value(left, facts), _value(right, facts)
    if kind is not Kind.VERSION:
        return (one == other) is (operator == "==")
    first, second = key(str(one)), key(str(other))
    if first is None or second is None:
        return None
    sign = (first > second) - (first < second)
    return numbers.answer(operator, sign, sign)


def _value(side: Expression, facts: Mapping[str, Fact]) -> float | str | bool | None:
    if isinstance(side, Name):
        return facts[side.name].value
    return side.value if isinstance(side, Constant) else None
