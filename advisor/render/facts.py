"""Facts as other tools want them: by subject, in plain values."""

from collections.abc import Iterator

import msgspec

from advisor.errors import AdvisorError
from advisor.fact import Fact, Status
from advisor.render import Printable
from advisor.stated import FactReport

Plain = bool | int | float | str


class Told(msgspec.Struct, frozen=True):
    """One fact of one subject; ``value`` is None where it is missing or unknown."""

    subject: str
    name: str
    value: Plain | None
    unknown: str = ""


def told(report: Printable, form: str) -> Iterator[Told]:
    """Tell every fact of everything here, in the order of the vocabulary.

    Raises:
        AdvisorError: it is another report.
    """
    if not isinstance(report, FactReport):
        raise AdvisorError(f"print as {form}", "only facts can be", remedy="use `mlinfra facts`")
    for line in report.facts:
        for subject, fact in line.values.items():
            yield Told(subject, line.name, _plain(fact), _unknown(fact))


def _plain(fact: Fact) -> Plain | None:
    """Give whole numbers without a point, for tools that compare integers only."""
    value = fact.value if fact.status is Status.KNOWN else None
    whole = isinstance(value, float) and value.is_integer()
    return int(value) if whole and value is not None else value


def _unknown(fact: Fact) -> str:
    return fact.why or "could not be found out" if fact.status is Status.UNKNOWN else ""
