"""What `facts` reports: every declared fact, and its values here."""

import msgspec

from advisor.fact import Fact

FACTS = "mlinfra/facts/1"


class FactLine(msgspec.Struct, frozen=True, kw_only=True):
    """A declared fact, and its value for each subject here."""

    name: str
    kind: str
    unit: str
    meaning: str
    origin: str
    subject: str
    settles: str | None
    values: dict[str, Fact]


class FactReport(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `facts`."""

    schema: str = FACTS
    tool: str
    profile: str
    taken: str
    facts: tuple[FactLine, ...]
