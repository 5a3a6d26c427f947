"""Whether conditions can hold together, as far as bounds on each sum can tell.

A proof of *cannot* is certain; where this finds none, the conditions may still exclude each other.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import msgspec

from advisor.fact import Kind, Vocabulary
from advisor.judge.linear import Form, add, collect, scale
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
    named,
)

CASES = 256  # more ways than this to hold are not followed
_OPPOSITE = {"<": ">=", "<=": ">", ">": "<=", ">=": "<", "==": "!=", "!=": "=="}
_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}


class Atom(msgspec.Struct, frozen=True):
    """Something compared with a value (or ``exists``, ``absent``): a fact, or a sum of them.

    ``facts`` are all that must be known for it to be decided.
    """

    about: Any
    operator: str
    value: Any
    facts: tuple[str, ...]


Case = tuple[Atom, ...]


def excluded(wanted: Sequence[tuple[Condition, bool]], vocabulary: Vocabulary) -> bool:
    """Whether conditions can never have these answers at once."""
    ways: list[list[Case]] = []
    for condition, answer in wanted:
        found = cases(condition, wanted=answer)
        if found is None:
            return False
        ways.append(found)
    if _count(ways) > CASES:
        return False
    return not any(
        consistent([atom for case in together for atom in case], vocabulary)
        for together in product(*ways)
    )


def _count(ways: Iterable[Sequence[Case]]) -> int:
    total = 1
    for way in ways:
        total *= len(way)
    return total


def cases(condition: Condition, *, wanted: bool) -> list[Case] | None:
    """Return the ways in which a condition is true (or false); None if they are too many."""
    if not isinstance(condition, Block):
        return _leaf(condition, wanted)
    if condition.kind == "not":
        return cases(condition.parts[0], wanted=not wanted)
    ways = [cases(part, wanted=wanted) for part in condition.parts]
    known = [way for way in ways if way is not None]
    if len(known) < len(ways):
        return None
    if (condition.kind == "any") is wanted:
        joined = [case for way in known for case in way]
    elif _count(known) > CASES:
        return None
    else:
        joined = [sum(together, ()) for together in product(*known)]
    return joined if len(joined) <= CASES else None


def _leaf(leaf: Comparison | Membership | Existence, wanted: bool) -> list[Case]:
    if isinstance(leaf, Existence):
        holds = leaf.wanted is wanted
        return [(Atom(leaf.name, "exists" if holds else "absent", None, ()),)]
    if isinstance(leaf, Comparison):
        return [(_atom(leaf.kind, leaf.operator, leaf.left, leaf.right, wanted),)]
    atoms = tuple(_atom(leaf.kind, "==", leaf.left, choice, wanted) for choice in leaf.choices)
    return [(atom,) for atom in atoms] if wanted else [atoms]


def _atom(kind: Kind, operator: str, left: Expression, right: Expression, wanted: bool) -> Atom:
    operator = operator if wanted else _OPPOSITE[operator]
    names = named(left, right)
    if kind is not Kind.NUMBER:
        if not isinstance(left, Name) or not isinstance(right, Constant):
            return Atom((left, right), operator, None, names)
        value = key(str(right.value)) if kind is Kind.VERSION else right.value
        return Atom(left.name, operator, value, names)
    form = add(collect(left), scale(collect(right), Fraction(-1)))
    if form.number:
        return Atom(None, operator, -form.constant, names)
    first = form.terms[0][1]
    alike = Form(Fraction(0), scale(form, 1 / first).terms)
    turned = _MIRRORED[operator] if first < 0 else operator
    return Atom(alike, turned, -form.constant / first, names)


def consistent(atoms: Iterable[Atom], vocabulary: Vocabulary) -> bool:
    """Whether atoms may all hold."""
    about: dict[Any, list[Atom]] = {}
    there: set[str] = set()
    gone: set[str] = set()
    for atom in atoms:
        if atom.operator in {"exists", "absent"}:
            (there if atom.operator == "exists" else gone).add(atom.about)
        else:
            there |= set(atom.facts)
            about.setdefault(atom.about, []).append(atom)
    return not there & gone and all(
        _possible(name, told, vocabulary) for name, told in about.items()
    )


def _possible(about: Any, atoms: Sequence[Atom], vocabulary: Vocabulary) -> bool:  # noqa: ANN401 -- a fact or a sum
    if about is None:  # no fact is left: 0 is compared with a number
        return all(_bounded([atom, Atom(None, "==", Fraction(0), ())]) for atom in atoms)
    declared = vocabulary.get(about) if isinstance(about, str) else None
    if declared is None or declared.kind is Kind.VERSION:
        return _bounded(atoms)
    same = {atom.value for atom in atoms if atom.operator == "=="}
    other = {atom.value for atom in atoms if atom.operator == "!="}
    words = {True, False} if declared.kind is Kind.FLAG else set(declared.words)
    return len(same) < 2 and not same & other and not (words and words <= other)


def _bounded(atoms: Sequence[Atom]) -> bool:
    """Whether ordered bounds leave a value."""
    if any(atom.value is None for atom in atoms):
        return True
    lows = [(a.value, a.operator == ">") for a in atoms if a.operator in {">", ">=", "=="}]
    highs = [(a.value, a.operator != "<") for a in atoms if a.operator in {"<", "<=", "=="}]
    if not lows or not highs:
        return True
    (low, open_low), (high, closed_high) = max(lows), min(highs)
    if low != high:
        return bool(low < high)
    others = {a.value for a in atoms if a.operator == "!="}
    return not open_low and closed_high and low not in others
