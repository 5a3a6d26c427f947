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
    that makes the fact known. ``optional`` facts may be missing, so that rules guard them with
    ``exists``; ``words``, where given, are all that a text fact can say.
    """

    name: str
    unit: str
    meaning: str
    origin: Origin
    kind: Kind = Kind.NUMBER
    subject: str = "machine"
    family: str | None = None
    settles: str | None = None
    optional: bool = False
    words: tuple[str, ...] = ()

    @property
    def wide(self) -> bool:
        """Whether values carry a width, so that asking for equality means nothing."""
        return self.kind is Kind.NUMBER and self.origin in {Origin.MEASURED, Origin.PREDICTED}

    def visible(self, subject: str) -> bool:
        """Whether rules ``for:`` this subject may name the fact; plans see their place's facts."""
        return self.subject in {"machine", subject} or subject == "plan"


Vocabulary = Mapping[str, Declaration]

SUBJECTS = ("machine", "device", "gpu", "link", "disk", "plan", "part")


class Fact(msgspec.Struct, frozen=True, kw_only=True, gc=False):
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
