"""Things that could be bought or rented: what they cost, and what the machine would do with them.

Money is an amount of one currency, and currencies do not convert.
"""

from collections.abc import Mapping

import msgspec

from advisor.estimate import Estimate, Interval
from advisor.part import Part, source_of

LAUNCH = "launch price"


class Price(msgspec.Struct, frozen=True):
    """What something costs, or costs an hour; who says so, of which day."""

    amount: float
    currency: str
    source: str
    date: str


class Priced(msgspec.Struct, frozen=True):
    """One line of a price list: what one of a part costs."""

    part: str
    price: float


class Rented(msgspec.Struct, frozen=True):
    """One line of a price list: what an hour of one of a part costs."""

    part: str
    hourly: float


class PriceList(msgspec.Struct, frozen=True, kw_only=True):
    """A user's own prices: one currency, from one place, of one day; ``kwh`` is one of power."""

    currency: str
    taken: str
    source: str
    prices: tuple[Priced, ...] = ()
    rents: tuple[Rented, ...] = ()
    kwh: float | None = None


class Tariff(msgspec.Struct, frozen=True):
    """What running costs, as stated: a kilowatt-hour, and an hour of parts that are rented."""

    currency: str = ""
    kwh: Price | None = None
    rented: Mapping[str, Price] = {}


class Prices(msgspec.Struct, frozen=True):
    """What parts cost, by their name in the catalogue."""

    currency: str
    bought: Mapping[str, Price]
    rented: Mapping[str, Price]


class Item(msgspec.Struct, frozen=True):
    """So many of one part."""

    part: Part
    count: int = 1

    def __str__(self) -> str:
        """Name it as one would order it."""
        return self.part.name if self.count == 1 else f"{self.count}x {self.part.name}"


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """What was told of money and machine; None is not told, and then asked in the answer.

    ``supply`` is the power supply in W, ``slots`` free expansion slots, ``length`` the room for a
    card in mm. ``today`` (YYYY-MM) tells how old a launch price is.
    """

    today: str = ""
    budget: float | None = None
    supply: float | None = None
    slots: float | None = None
    length: float | None = None


class Purchase(msgspec.Struct, frozen=True, kw_only=True):
    """Parts that fit, their price, and the best plan on the machine with them.

    ``gain`` is the speed over the best plan now, its errors that both share cancelled; None where
    nothing runs now, or nothing with them. ``watts`` are those of all of them, None if unknown.
    """

    items: tuple[Item, ...]
    price: Price | None = None
    estimate: Estimate | None = None
    gain: Interval | None = None
    why_none: str = ""
    break_even: float | None = None
    rent: Price | None = None

    def __str__(self) -> str:
        """Name all that is bought."""
        return " + ".join(map(str, self.items))

    @property
    def watts(self) -> float | None:
        """Return what all of it draws; memory and disks are not counted."""
        cards = [item for item in self.items if item.part.kind == "gpu"]
        known = [item.part.power * item.count for item in cards if item.part.power]
        return sum(known) if len(known) == len(cards) else None

    @property
    def per_thousand(self) -> float | None:
        """Return the gain for each thousand of money."""
        if not self.gain or not self.price or not self.price.amount:
            return None
        return 1000 * (self.gain.likely - 1) / self.price.amount

    @property
    def per_hundred_watts(self) -> float | None:
        """Return the gain for each hundred watts."""
        return 100 * (self.gain.likely - 1) / self.watts if self.gain and self.watts else None


def launch_price(part: Part) -> Price | None:
    """Return what the maker announced, dated by the launch; None where nothing was."""
    if part.price is None:
        return None
    told = source_of(part, "price")
    return Price(part.price, "USD", LAUNCH, part.launch or told.date)


def prices(parts: Mapping[str, Part], own: PriceList | None) -> Prices:
    """Return the user's own prices before launch prices; of those, only in the same currency.

    ``parts`` are by name; the names of ``own`` must be theirs.
    """
    currency = own.currency if own else "USD"
    bought = {name: price for name, part in parts.items() if (price := launch_price(part))}
    bought = bought if currency == "USD" else {}
    rented: dict[str, Price] = {}
    if own:
        bought |= {o.part: Price(o.price, currency, own.source, own.taken) for o in own.prices}
        rented = {o.part: Price(o.hourly, currency, own.source, own.taken) for o in own.rents}
    return Prices(currency, bought, rented)
