"""Reads conditions given on the command line: each becomes a rule that a check requires."""

from collections.abc import Sequence

from advisor.book import conditions
from advisor.book.lexer import Fault
from advisor.errors import AdvisorError, Where
from advisor.fact import Vocabulary
from advisor.rule import Effect, Policy, Rule, Severity

FLAG = "--require"
NAME = "required"


def demands(texts: Sequence[str], vocabulary: Vocabulary) -> tuple[Policy, ...]:
    """Make one policy of the conditions, each of severity error; none where there are none.

    Raises:
        AdvisorError: a condition cannot be read, or names facts of two sorts of things.
    """
    unique = list(dict.fromkeys(" ".join(text.split()) for text in texts))
    rules = tuple(_rule(text, number, vocabulary) for number, text in enumerate(unique, 1))
    return (Policy(NAME, rules, title="What the command line requires"),) if rules else ()


def _rule(text: str, number: int, vocabulary: Vocabulary) -> Rule:
    where = Where(FLAG, number)
    try:
        condition = conditions.line(text, where, vocabulary, "plan")
    except Fault as fault:
        place = Where(FLAG, number, fault.offset + 1)
        raise _refused(fault.wrong, place, fault.remedy) from None
    names = sorted(conditions.names(condition))
    told = ", ".join(f"{name} is {{{name}}}" for name in names)
    return Rule(
        id=f"{NAME}-{number}",
        title=text,
        subject=_subject(names, where, vocabulary),
        when=condition,
        effect=Effect.REQUIRE,
        severity=Severity.ERROR,
        because=f"{told}.",
        where=where,
    )


def _subject(names: Sequence[str], where: Where, vocabulary: Vocabulary) -> str:
    """Return whom the facts speak of; those of the machine are visible under every sort."""
    found = sorted({vocabulary[name].subject for name in names} - {"machine"})
    if "plan" in found:
        raise _refused("a check knows no plans", where, "see `mlinfra recommend`")
    if len(found) > 1:
        wrong = f"it names facts of a {found[0]} and of a {found[1]}"
        raise _refused(wrong, where, "require each by itself")
    return found[0] if found else "machine"


def _refused(wrong: str, where: Where, remedy: str) -> AdvisorError:
    return AdvisorError("read a condition", wrong, where=where, remedy=remedy)
