"""Facts: the one language that rules speak.

A fact is known (a value, perhaps with a width), *missing* (known not to exist) or *unknown* (a
gap). Values are in base units: bytes, bytes/s, FLOP/s, s, Hz, W, °C.
"""

from collections.abc import Mapping
from enum import StrEnum

import msgspec


class Origin(StrEnum):
    """Where a number comes from."""

    PROBED = "probed"
    MEASURED = "measured"
    PREDICTED = "predicted"
    CATALOGUE = "catalogue"
    GIVEN = "given"


class Status(StrEnum):
    """What is known of a fact."""

    KNOWN = "known"
    MISSING = "missing"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What sort of value a fact has, which decides how it may be compared."""

    NUMBER = "number"
    TEXT = "text"
    VERSION = "version"
    FLAG = "flag"


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """A fact's name, unit and meaning, coined once.

    ``subject`` says under which ``for:`` it is visible (``machine``: under every one). Facts with
    the same ``family`` share an error and may not be compared by rules. ``settles`` is the command
    that makes the fact known.
    """

    name: str
    unit: str
    meaning: str
    origin: Origin
    kind: Kind = Kind.NUMBER
    subject: str = "machine"
    family: str | None = None
    settles: str | None = None


Vocabulary = Mapping[str, Declaration]


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact's value here; ``why`` and ``remedy`` go with an unknown one."""

    name: str
    status: Status = Status.KNOWN
    value: float | str | bool | None = None
    low: float | None = None
    high: float | None = None
    unit: str = ""
    origin: Origin = Origin.PROBED
    source: str = ""
    why: str = ""
    remedy: str = ""


class Subject(msgspec.Struct, frozen=True):
    """One thing that rules speak of (a GPU, a plan), with all the facts visible to it."""

    id: str
    facts: Mapping[str, Fact]


class SubjectSet(msgspec.Struct, frozen=True):
    """All things of one sort; ``unseen`` says why there may be more than were seen."""

    members: tuple[Subject, ...]
    unseen: str | None = None


class Facts(msgspec.Struct, frozen=True):
    """Everything that rules may see: ``sets`` by what ``for:`` names (machine, gpu, plan, …)."""

    sets: Mapping[str, SubjectSet]
