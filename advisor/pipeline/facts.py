"""Every fact with its meaning, and its value here."""

from collections.abc import Sequence
from pathlib import Path

from advisor import __version__
from advisor.fact import Declaration, Fact, Facts
from advisor.pipeline.answer import digest
from advisor.pipeline.look import Look, probe
from advisor.pipeline.rules import situation
from advisor.stated import FactLine, FactReport
from advisor.vocabulary import declared, state


def facts(look: Look, workload: str | None, folders: Sequence[Path]) -> FactReport:
    """State every declared fact; those of plans want a workload."""
    profile = probe(look)
    stated = state(situation(profile, look, workload, folders))
    lines = [_line(declaration, stated) for declaration in declared().values()]
    return FactReport(
        tool=__version__, profile=digest(profile), taken=profile.taken, facts=tuple(lines)
    )


def _line(declaration: Declaration, stated: Facts) -> FactLine:
    return FactLine(
        name=declaration.name,
        kind=declaration.kind,
        unit=declaration.unit,
        meaning=declaration.meaning,
        origin=declaration.origin,
        subject=declaration.subject,
        settles=declaration.settles,
        values=_values(declaration, stated),
    )


def _values(declaration: Declaration, stated: Facts) -> dict[str, Fact]:
    subjects = stated.sets.get(declaration.subject)
    members = subjects.members if subjects else ()
    found = ((member.id, member.facts.get(declaration.name)) for member in members)
    return {name: fact for name, fact in found if fact}
