"""A machine as it might be, or as a probe should have seen it: ``--gpu`` and ``--set``.

What is set is set in the profile where a field holds it, so that predictions follow, and in the
facts, so that rules do. Both are said in the output.
"""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import msgspec

from advisor import book
from advisor.errors import AdvisorError
from advisor.fact import Declaration, Fact, Facts, Kind, Origin, Status, Subject, SubjectSet
from advisor.machine import Machine
from advisor.part import resolve
from advisor.pipeline.edited import Addition, with_devices
from advisor.pipeline.kept import by_name
from advisor.profile import Profile
from advisor.units import quantity, show, spell, unit
from advisor.vocabulary import declared

_GPUS = re.compile(r"\s*(?:(\d{1,3})\s*[x×]\s+)?(.+?)\s*")
# Nobody's machine holds more.
_MOST_GPUS = 64
_SUFFIXES = ("", "_bytes", "_watts", "_hz", "_celsius")


def pretended(profile: Profile, gpus: Addition | None, listed: "Iterable[Setting]") -> Profile:
    """Return the machine with other GPUs, where some are named, and with what is set."""
    return in_profile(with_gpus(profile, gpus) if gpus else profile, listed)


def gpus(text: str, folders: Sequence[Path]) -> Addition:
    """Read ``2x NVIDIA L4``; whoever times the machine asks this first.

    Raises:
        AdvisorError: the number is none, or no part of the catalogue has the name.
    """
    match = _GPUS.fullmatch(text)
    count = int(match[1] or 1) if match else 0
    if match is None or not 0 < count <= _MOST_GPUS:
        wrong = f"it is not one to {_MOST_GPUS} of a part"
        raise AdvisorError(f"read --gpu {text[:60]}", wrong, remedy='write "2x NVIDIA L4"')
    return Addition(resolve(by_name(folders), match[2]).part, count)


def with_gpus(profile: Profile, added: Addition) -> Profile:
    """Return the machine with these GPUs in place of its own."""
    gone = {d.id for d in profile.machine.devices if d.id.startswith("gpu:")}
    kept = tuple(d for d in profile.machine.devices if d.id not in gone)
    machine = msgspec.structs.replace(profile.machine, devices=kept, devices_unseen=None)
    timed = tuple(m for m in profile.measurements if not _is_of(m.device, gone))
    bare = msgspec.structs.replace(profile, machine=machine, measurements=timed)
    return with_devices(bare, added)[0]


def _is_of(device: str, gone: set[str]) -> bool:
    return device in gone or any(name in device for name in gone)


class Setting(msgspec.Struct, frozen=True):
    """One fact that is to be taken for another: its declaration, and the value in base units."""

    declaration: Declaration
    value: float | str | bool
    text: str


def settings(texts: Iterable[str]) -> tuple[Setting, ...]:
    """Read ``memory.total=64 GiB`` and the like, typed as the facts are.

    Raises:
        AdvisorError: there is no such fact, or the value is not of its kind.
    """
    return tuple(_setting(text) for text in texts)


def _setting(text: str) -> Setting:
    name, equals, value = (part.strip() for part in text.partition("="))
    vocabulary = declared()
    if not equals or name not in vocabulary:
        wrong = "there is no such fact" if equals else "it is not FACT=VALUE"
        remedy = book.near(name, vocabulary) or "`mlinfra facts` lists them all"
        raise AdvisorError(f"read --set {text[:60]}", wrong, remedy=remedy)
    declaration = vocabulary[name]
    return Setting(declaration, _typed(declaration, value, text), f"{name} = {value}")


def _typed(declaration: Declaration, value: str, text: str) -> float | str | bool:
    if declaration.kind is Kind.NUMBER:
        return _number(declaration, value, text)
    if declaration.kind is Kind.FLAG:
        if value not in {"true", "false"}:
            raise AdvisorError(f"read --set {text[:60]}", "it is a flag", remedy="true or false")
        return value == "true"
    if declaration.words and value not in declaration.words:
        remedy = f"one of {', '.join(declaration.words)}"
        raise AdvisorError(f"read --set {text[:60]}", "it is never that", remedy=remedy)
    return value


def _number(declaration: Declaration, value: str, text: str) -> float:
    wanted, found = unit(declaration.unit), quantity(value)
    if found is None or wanted is None or found[1].dimension != wanted.dimension:
        wrong = f"{declaration.name} is in {declaration.unit or spell(())}"
        example = show(1.0, declaration.unit)
        raise AdvisorError(
            f"read --set {text[:60]}", wrong, remedy=f"write, for example, {example}"
        )
    return found[0]


def in_profile(profile: Profile, listed: Iterable[Setting]) -> Profile:
    """Set what a field of the profile holds; what none holds is a fact alone."""
    for setting in listed:
        profile = _one(profile, setting)
    return profile


def _one(profile: Profile, setting: Setting) -> Profile:
    room, _, field = setting.declaration.name.partition(".")
    machine = profile.machine
    if room == "gpu":
        devices = tuple(
            _with(device, field, setting.value) if device.id.startswith("gpu:") else device
            for device in machine.devices
        )
        return _edited(profile, devices=devices)
    if room not in {"cpu", "memory", "software"}:
        return profile
    return _edited(profile, **{room: _with(getattr(machine, room), field, setting.value)})


def _edited(profile: Profile, **changes: Any) -> Profile:  # noqa: ANN401 - fields of a machine
    machine: Machine = msgspec.structs.replace(profile.machine, **changes)
    return msgspec.structs.replace(profile, machine=machine)


def _with(noun: Any, field: str, value: float | str | bool) -> Any:  # noqa: ANN401 - a noun
    """Return a noun with a field set, found with or without its unit's suffix."""
    names = [field + suffix for suffix in _SUFFIXES if hasattr(noun, field + suffix)]
    if not names:
        return noun
    whole = isinstance(value, float) and value == int(value)
    changes = {names[0]: int(value) if whole and isinstance(value, float) else value}
    if names[0] == "memory_bytes" and hasattr(noun, "memory_free_bytes"):
        changes["memory_free_bytes"] = changes["memory_bytes"]
    return msgspec.structs.replace(noun, **changes)


def in_facts(facts: Facts, listed: Sequence[Setting]) -> Facts:
    """Set the facts of every subject that has them."""
    if not listed:
        return facts
    given = {s.declaration.name: _fact(s) for s in listed}
    return Facts({name: _set(found, given) for name, found in facts.sets.items()})


def _set(found: SubjectSet, given: dict[str, Fact]) -> SubjectSet:
    members = tuple(
        Subject(one.id, {**one.facts, **{n: f for n, f in given.items() if n in one.facts}})
        for one in found.members
    )
    return SubjectSet(members, found.unseen)


def _fact(setting: Setting) -> Fact:
    told = setting.declaration
    return Fact(
        name=told.name, status=Status.KNOWN, value=setting.value, unit=told.unit,
        origin=Origin.GIVEN, source="--set",
    )  # fmt: skip
