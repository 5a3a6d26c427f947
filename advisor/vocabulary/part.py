"""Facts about a purchase that an upgrade considers: what it is, costs, asks for and would do."""

from advisor.estimate import Interval
from advisor.fact import Fact, Origin
from advisor.machine import Gap
from advisor.purchase import Purchase
from advisor.vocabulary.row import Row, fact, rows


def _kind(bought: Purchase) -> str:
    kinds = {item.part.kind for item in bought.items}
    return kinds.pop() if len(kinds) == 1 else "combination"


def _memory(bought: Purchase) -> float | None:
    known = [item.part.memory * item.count for item in bought.items if item.part.memory]
    return sum(known) if known else None


def _supply(bought: Purchase) -> float | None:
    return max((item.part.supply for item in bought.items if item.part.supply), default=None)


def _fits(bought: Purchase) -> bool | None:
    made = bought.estimate
    if made is None or made.memory_bytes is None or made.memory_available is None:
        return None
    return made.memory_bytes.likely <= made.memory_available


def _dollars(bought: Purchase) -> float | None:
    return bought.price.amount if bought.price and bought.price.currency == "USD" else None


def _gain(bought: Purchase) -> Interval | None:
    return bought.gain


# What it is, as its maker tells.
FIGURES: tuple[Row[Purchase], ...] = rows(
    "part",
    Origin.CATALOGUE,
    [
        ("part.name", "text", "all that is bought", str),
        ("part.kind", "text", "gpu, memory, disk or combination", _kind),
        ("part.vendor", "text", "who makes the first of it", lambda p: p.items[0].part.vendor),
        ("part.form", "text", "how it is joined to a machine: pcie, udimm, m.2, …",
         lambda p: p.items[0].part.form),
        ("part.count", "1", "how many are bought", lambda p: sum(i.count for i in p.items)),
        ("part.memory", "bytes", "memory or capacity of all of it", _memory),
        ("part.power", "W", "what all cards of it draw", lambda p: p.watts),
        ("part.supply", "W", "power supply that it asks for", _supply),
        ("part.price", "USD", "launch price, or the user's own", _dollars),
    ],
)  # fmt: skip
# What the machine would do with it.
FORECAST: tuple[Row[Purchase], ...] = rows(
    "part",
    Origin.PREDICTED,
    [
        ("part.gain", "1", "speed with it over now", _gain),
        ("part.bound", "text", "what limits the speed with it",
         lambda p: p.estimate.bound if p.estimate else None),
        ("part.fits_model", "flag", "whether the workload fits in memory with it", _fits),
        ("part.break_even", "s", "hours of use from which on renting costs more",
         lambda p: 3600 * p.break_even if p.break_even else None),
    ],
)  # fmt: skip
PART = (*FIGURES, *FORECAST)
# Whatever is not known of a part does not exist for rules: no price, no plan, no rent.
OPTIONAL = frozenset(row.declaration.name for row in PART) - {"part.name", "part.kind"}


def facts(bought: Purchase) -> dict[str, Fact]:
    """State every fact about a purchase."""
    nothing: Gap | None = None
    told = [fact(row.declaration, row.value(bought), nothing, str(bought)) for row in PART]
    return {f.name: f for f in told}
