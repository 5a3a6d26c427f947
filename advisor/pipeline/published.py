"""Which part of the catalogue each GPU of a machine is."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from advisor import book
from advisor.errors import AdvisorError
from advisor.machine import Machine, gpus
from advisor.part import Catalogue, Part, resolve
from advisor.pipeline.folders import layered
from advisor.pipeline.kept import by_name
from advisor.rule import Rule
from advisor.vocabulary import PUBLISHED


def parts_for(
    rules: Iterable[Rule], machine: Machine, folders: Sequence[Path]
) -> dict[str, Part] | None:
    """Return each GPU's part, by device; None, and nothing is read, where no rule asks for it.

    Raises:
        AdvisorError: a part file cannot be read.
    """
    asked = {name for rule in rules for name in _named(rule)}
    return parts_of(machine, folders) if asked & PUBLISHED else None


def parts_of(machine: Machine, folders: Sequence[Path]) -> dict[str, Part]:
    """Return each GPU's part, by device; one whose name means no part, or several, has none.

    Raises:
        AdvisorError: a part file cannot be read.
    """
    if not gpus(machine):
        return {}
    parts = by_name(layered(folders))
    found = {gpu.id: part_of(machine, gpu.id, parts) for gpu in gpus(machine, slices=False)}
    return {name: part for name, part in found.items() if part}


def _named(rule: Rule) -> set[str]:
    conditions = [condition for condition in (rule.when, rule.applies) if condition]
    return {name for condition in conditions for name in book.names(condition)}


def part_of(machine: Machine, place: str, catalogue: Catalogue) -> Part | None:
    """Return the part of the catalogue that a place of this machine is, if it is surely one."""
    device = next((d for d in machine.devices if d.id == place), None)
    name = machine.cpu.model if place == "cpu" else device.name if device else None
    memory = device.memory_bytes if device else None
    try:
        return resolve(catalogue, name or "", memory).part
    except AdvisorError:
        return None  # the facts say that no part has this name
