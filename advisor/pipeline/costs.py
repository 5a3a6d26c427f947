"""Plans with what they cost, by the user's own prices; none is known but those."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from advisor import book, predict
from advisor.errors import AdvisorError
from advisor.estimate import Estimate
from advisor.machine import Machine
from advisor.part import Part, resolve
from advisor.pipeline.kept import by_name
from advisor.pipeline.published import part_of, parts_of
from advisor.predict.cost import Running, costed
from advisor.purchase import Price, Tariff


def tariff(file: Path | None, kwh: Price | None, folders: Sequence[Path]) -> Tariff:
    """Read what running costs: the file's rents, and its price of a kWh unless another is stated.

    Raises:
        AdvisorError: the file cannot be read, or the two are in different currencies.
    """
    if file is None:
        alone = _in(kwh, "USD")
        return Tariff(currency=alone.currency, kwh=alone) if alone else Tariff()
    known = by_name(folders)
    own = book.price_list(file, lambda name: resolve(known, name).part.name)
    told = Price(own.kwh, own.currency, own.source, own.taken) if own.kwh else None
    if kwh and kwh.currency not in {"", own.currency}:
        raise AdvisorError(
            f"read --kwh-price in {kwh.currency}",
            f"the prices are in {own.currency}, and currencies do not convert",
            remedy=f"state it in {own.currency}",
        )
    rented = {o.part: Price(o.hourly, own.currency, own.source, own.taken) for o in own.rents}
    return Tariff(currency=own.currency, kwh=_in(kwh, own.currency) or told, rented=rented)


def _in(price: Price | None, currency: str) -> Price | None:
    """Return a price in the currency that is meant where none was said."""
    if price is None or price.currency:
        return price
    return Price(price.amount, currency, price.source, price.date)


def with_costs(
    found: Iterable[Estimate],
    paid: Tariff,
    machine: Machine,
    parts: Mapping[str, Part] | None,
    folders: Sequence[Path],
) -> tuple[Estimate, ...]:
    """Add to each plan what it costs, and rank the cheapest first.

    Raises:
        AdvisorError: a part file cannot be read.
    """
    named = parts if parts is not None else parts_of(machine, folders)
    drawn = _processors(machine, folders)
    made = [costed(e, paid, _running(e, paid, named, drawn)) for e in found]
    return predict.ranked(made, "cost")


def _running(
    found: Estimate, paid: Tariff, parts: Mapping[str, Part], drawn: float | None
) -> Running:
    watts = drawn if found.plan.place == "cpu" else found.service.power_watts
    names = [found.plan.device] if found.plan.device else []
    names += [parts[device].name for device in sorted(found.plan.devices) if device in parts]
    return Running(watts, next((paid.rented[n] for n in names if n in paid.rented), None))


def _processors(machine: Machine, folders: Sequence[Path]) -> float | None:
    """Return the thermal design power of the processors, where the catalogue surely knows them."""
    part = part_of(machine, "cpu", by_name(folders))
    return part.power * (machine.cpu.sockets or 1) if part and part.power else None
