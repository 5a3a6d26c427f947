"""Reads the facts of examples, and of `--set`: a value as people write it becomes a Fact."""

import re
from typing import Any

from advisor.book.conditions import Context
from advisor.book.fields import Fields
from advisor.book.near import near
from advisor.book.tree import Mapping, Node, Scalar
from advisor.fact import Declaration, Fact, Kind, Origin, Status
from advisor.rule import Example
from advisor.units import PLAIN, quantity, spell, unit

EXPECTATIONS = ("fires", "quiet", "unknown", "not-applicable")
_RANGE = re.compile(r"(.+) to (.+)")


def examples(context: Context, node: Node) -> list[Example]:
    """Read one example; none where it has a mistake, which is then among the problems."""
    if not isinstance(node, Mapping):
        context.add("an example wants expect: and facts:", node)
        return []
    before = len(context.problems)
    fields = Fields(context.document, node, "example", context.problems)
    fields.only(("expect", "facts"))
    fields.require("expect")
    expect = fields.choice("expect", EXPECTATIONS, "fires")
    listed = fields.node("facts") or Mapping({}, node.line, node.column)
    if not isinstance(listed, Mapping):
        fields.add("facts: wants a mapping of facts to values", listed)
        return []
    facts = [_fact(context, entry.key, entry.value) for entry in listed.entries.values()]
    found = tuple(fact for fact in facts if fact is not None)
    where = context.document.where(node)
    return [Example(expect, found, where)] if len(context.problems) == before else []  # type: ignore[arg-type] # one of EXPECTATIONS


def _fact(context: Context, key: Scalar, value: Node) -> Fact | None:
    declared = context.vocabulary.get(key.text)
    if declared is None or not declared.visible(context.subject):
        wrong = f"no fact is called {key.text[:60]!r} here"
        context.add(wrong, key, remedy=near(key.text, context.vocabulary))
        return None
    if not isinstance(value, Scalar):
        context.add("a fact has one value", value)
        return None
    try:
        return stated(declared, value.text)
    except ValueError as error:
        context.add(str(error), value)
        return None


def stated(declared: Declaration, text: str) -> Fact:
    """Make a fact of a value as written: a quantity, ``1 s to 2 s``, a word, missing or unknown.

    Raises ValueError that says what is wrong with the text.
    """
    if text in {Status.MISSING, Status.UNKNOWN}:
        return _given(declared, status=Status(text))
    if declared.kind is Kind.FLAG:
        if text not in {"true", "false"}:
            raise ValueError(f"{declared.name} is true or false")
        return _given(declared, value=text == "true")
    if declared.kind is not Kind.NUMBER:
        if declared.words and text not in declared.words:
            raise ValueError(f"{declared.name} is never {text[:60]!r}")
        return _given(declared, value=text)
    ends = _RANGE.fullmatch(text)
    low, high = (_amount(declared, end) for end in (ends.groups() if ends else (text, text)))
    if low > high:
        raise ValueError(f"{text!r} ends before it begins")
    middle = low if low == high else (low + high) / 2
    return _given(declared, value=middle, low=low, high=high)


def _given(declared: Declaration, **known: Any) -> Fact:  # noqa: ANN401 -- any field of a fact
    return Fact(name=declared.name, unit=declared.unit, origin=Origin.GIVEN, **known)


def _amount(declared: Declaration, text: str) -> float:
    read = quantity(text)
    base = unit(declared.unit or "1")
    wanted = base.dimension if base else PLAIN
    if read is None:
        raise ValueError(f"{declared.name} wants a number of {spell(wanted)}, not {text[:60]!r}")
    if read[1].dimension != wanted:
        wrong = f"{declared.name} is in {spell(wanted)}, not {spell(read[1].dimension)}"
        raise ValueError(wrong)
    return read[0]
