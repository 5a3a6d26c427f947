"""Fills the facts into a rule's texts, as people write them."""

import re
from collections.abc import Iterable, Mapping

from advisor.fact import Declaration, Fact, Status, Vocabulary
from advisor.units import show

_FACT = re.compile(r"\{([^{}]*)\}")


def fill(text: str, facts: Mapping[str, Fact], vocabulary: Vocabulary) -> str:
    """Replace each ``{fact}`` by its value with a fitting unit."""
    if "{" not in text:
        return text
    return _FACT.sub(lambda match: spell(facts.get(match[1]), vocabulary.get(match[1])), text)


def told(texts: Iterable[str], facts: Mapping[str, Fact]) -> tuple[Fact, ...]:
    """Return the facts that texts name, each once."""
    named = dict.fromkeys(name for text in texts if "{" in text for name in _FACT.findall(text))
    return tuple(facts[name] for name in named if name in facts)


def spell(fact: Fact | None, declared: Declaration | None) -> str:
    """Print a fact: ``unknown`` if it is, ``none`` if it is missing."""
    if fact is None or fact.status is Status.UNKNOWN:
        return "unknown"
    if fact.status is Status.MISSING:
        return "none"
    if isinstance(fact.value, bool):
        return "yes" if fact.value else "no"
    if isinstance(fact.value, int | float):
        return show(fact.value, declared.unit if declared else "")
    return str(fact.value)
