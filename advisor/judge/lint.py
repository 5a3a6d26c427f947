"""What is wrong with rules that can be read: what they can never say, and what they leave out."""

from collections.abc import Iterator, Sequence

from advisor.errors import Where
from advisor.fact import Vocabulary
from advisor.judge.proof import excluded
from advisor.rule import (
    Block,
    Comparison,
    Condition,
    Effect,
    Existence,
    Membership,
    Remark,
    Rule,
    Severity,
)

_NEEDED = {"fires": "fires", "quiet": "stays quiet", "unknown": "is unknown"}
Leaf = Comparison | Membership | Existence


def lint(
    rules: Sequence[Rule], vocabulary: Vocabulary, beside: Sequence[Rule] = ()
) -> tuple[Remark, ...]:
    """Return what is to be said of each rule, in their order; others are in force ``beside``."""
    own = {rule.id for rule in rules}
    others = [other for other in beside if other.id not in own]
    return tuple(
        remark
        for rule in rules
        for remark in (
            *one_rule(rule, vocabulary),
            *_shadowed(rule, rules, vocabulary),
            *_shadowed(rule, others, vocabulary, mine=False),
        )
    )


def one_rule(rule: Rule, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Return what is to be said of a rule by itself."""
    for leaf in _lines(rule):
        yield from _kin(rule, leaf, vocabulary)
    yield from _unguarded(rule, vocabulary)
    yield from _dead(rule, vocabulary)
    yield from _examples(rule)
    speaks = rule.effect in {Effect.ADVISE, Effect.REQUIRE}
    for name in ("advice", "because", "refs") if speaks else ("because", "refs"):
        if not getattr(rule, name):
            remedy = "say what to do, why, and who says so"
            yield _remark(rule, Severity.WARNING, f"{name}: is not there", rule.where, remedy)


def _lines(rule: Rule) -> Iterator[Leaf]:
    if rule.applies is not None:
        yield from leaves(rule.applies)
    yield from leaves(rule.when)


def leaves(condition: Condition) -> Iterator[Leaf]:
    """Return the lines of a condition."""
    if isinstance(condition, Block):
        for part in condition.parts:
            yield from leaves(part)
    else:
        yield condition


def named(leaf: Leaf) -> tuple[str, ...]:
    """Return the facts whose values a line needs; one that only asks for existence needs none."""
    if isinstance(leaf, Existence):
        return ()
    return leaf.facts


def _remark(rule: Rule, severity: Severity, wrong: str, where: Where, remedy: str = "") -> Remark:
    return Remark(rule=rule.id, severity=severity, wrong=wrong, where=where, remedy=remedy)


def _kin(rule: Rule, leaf: Leaf, vocabulary: Vocabulary) -> Iterator[Remark]:
    """Two facts that share an error are not compared."""
    families: dict[str, str] = {}
    for name in named(leaf):
        family = vocabulary[name].family
        if family in families and families[family] != name:
            wrong = f"{families[family]} and {name} share an error, so that their ratio is surer"
            remedy = f"use the ratio that the vocabulary coins for {family}"
            yield _remark(rule, Severity.ERROR, wrong, leaf.where, remedy)
        elif family:
            families[family] = name


def _unguarded(rule: Rule, vocabulary: Vocabulary) -> Iterator[Remark]:
    """A fact that may be missing wants an `exists` before it, or the rule is unknown there."""
    top = frozenset(_promised(rule.applies)) if rule.applies else frozenset()
    open_leaves = [*_open(rule.when, top)]
    if rule.applies:
        open_leaves += _open(rule.applies, frozenset())
    for leaf, guarded in open_leaves:
        for name in named(leaf):
            if vocabulary[name].optional and name not in guarded:
                wrong = f"{name} may be missing, and this is then unknown"
                remedy = f"write `exists {name}` beside it in an all: block, or in applies:"
                yield _remark(rule, Severity.WARNING, wrong, leaf.where, remedy)


def _promised(condition: Condition) -> Iterator[str]:
    """Return the facts that surely exist where a condition is true."""
    if isinstance(condition, Existence) and condition.wanted:
        yield condition.name
    elif isinstance(condition, Block) and condition.kind == "all":
        for part in condition.parts:
            yield from _promised(part)


def _denied(condition: Condition) -> Iterator[str]:
    """Return the facts that surely exist where a condition is false."""
    if isinstance(condition, Existence) and not condition.wanted:
        yield condition.name
    elif isinstance(condition, Block) and condition.kind == "any":
        for part in condition.parts:
            yield from _denied(part)


def _open(condition: Condition, guarded: frozenset[str]) -> Iterator[tuple[Leaf, frozenset[str]]]:
    """Return each line with the facts that its neighbours promise."""
    if not isinstance(condition, Block):
        yield condition, guarded
        return
    promise = {"all": _promised, "any": _denied}.get(condition.kind)
    here = guarded | frozenset(promise(condition) if promise else ())
    for part in condition.parts:
        yield from _open(part, here)


def _dead(rule: Rule, vocabulary: Vocabulary) -> Iterator[Remark]:
    given = [(rule.applies, True)] if rule.applies else []
    says = "when: is never true" if not rule.applies else "applies: and when: are never both true"
    if excluded([*given, (rule.when, True)], vocabulary):
        yield _remark(rule, Severity.ERROR, says, rule.when.where, "the rule is dead")
    elif excluded([*given, (rule.when, False)], vocabulary):
        wrong = "when: is never false"
        yield _remark(rule, Severity.ERROR, wrong, rule.when.where, "the condition says nothing")


def _shadowed(
    rule: Rule, rules: Sequence[Rule], vocabulary: Vocabulary, *, mine: bool = True
) -> Iterator[Remark]:
    """A rule adds nothing where another of the same effect fires whenever it does.

    Of two that do the same one is named, the later by its id if both are ``mine``.
    """
    for other in rules:
        if other is rule or not _comparable(rule, other):
            continue
        back = mine and rule.id < other.id and _implies(other, rule, vocabulary)
        if _implies(rule, other, vocabulary) and not back:
            wrong = f"wherever it fires, {other.id} does too ({other.where})"
            remedy = "drop one of the two, or narrow the other"
            yield _remark(rule, Severity.WARNING, wrong, rule.where, remedy)


def _comparable(rule: Rule, other: Rule) -> bool:
    alike = (rule.subject, rule.effect) == (other.subject, other.effect)
    weight = list(Severity).index(other.severity) <= list(Severity).index(rule.severity)
    texts = rule.effect in {Effect.FORBID, Effect.REQUIRE} or rule.advice == other.advice
    # A `require` rule is a policy's floor; that another policy asks for more is its own business.
    together = rule.effect is not Effect.REQUIRE or rule.where.file == other.where.file
    return alike and weight and texts and together and _facts(other) <= _facts(rule)


def _facts(rule: Rule) -> set[str]:
    lines = list(_lines(rule))
    asked = {leaf.name for leaf in lines if isinstance(leaf, Existence)}
    return asked | {name for leaf in lines for name in named(leaf)}


def _implies(rule: Rule, other: Rule, vocabulary: Vocabulary) -> bool:
    """Whether the other fires wherever the rule does."""
    bad = rule.effect is not Effect.REQUIRE
    fires = [(rule.when, bad), *([(rule.applies, True)] if rule.applies else [])]
    quiet = [(other.when, not bad), *([(other.applies, False)] if other.applies else [])]
    return all(excluded([*fires, way], vocabulary) for way in quiet)


def _examples(rule: Rule) -> Iterator[Remark]:
    """Every verdict that a rule can give has an example."""
    given = {example.expect for example in rule.examples}
    for verdict, wording in _NEEDED.items():
        if verdict not in given:
            wrong = f"no example in which it {wording}"
            yield _remark(
                rule, Severity.ERROR, wrong, rule.where, f"add one with expect: {verdict}"
            )
    if rule.applies and "not-applicable" not in given:
        wrong = "no example in which it does not apply"
        remedy = "add one with expect: not-applicable"
        yield _remark(rule, Severity.WARNING, wrong, rule.where, remedy)
