"""What could be bought for a machine: parts that fit, can be paid, and that no other part beats."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from advisor.machine import Machine
from advisor.part import Part
from advisor.pipeline.cases import closed_to_cards, is_server, out_of_place
from advisor.pipeline.channels import free
from advisor.pipeline.processors import swaps
from advisor.pipeline.unseen import asked, boards, unread
from advisor.purchase import LAUNCH, Item, Limits, Price, Prices, Purchase

# A launch price this many years old is no price any more: such parts are sold second-hand.
_YEARS = 5


class Own(msgspec.Struct, frozen=True):
    """What of the machine the catalogue holds: the card that runs it best, and the processor."""

    card: Part | None = None
    cpu: Part | None = None


class Offers(msgspec.Struct, frozen=True, kw_only=True):
    """Purchases to be looked at; how many parts fell to which reason; what the user must check.

    ``channels`` are those of the memory that hold no module yet.
    """

    purchases: tuple[Purchase, ...]
    left_out: Mapping[str, int]
    asked: tuple[str, ...] = ()
    closed: str = ""
    channels: int = 0


def offers(
    machine: Machine, parts: Iterable[Part], prices: Prices, limits: Limits, own: Own
) -> Offers:
    """List GPUs, one more of its own, and modules and disks that have a price.

    Where channels of the memory are empty, modules like those there fill them; these, processors
    for the socket and cards for servers are looked at without a price, too.
    """
    parts, empty = tuple(parts), free(machine, own.cpu)
    closed = closed_to_cards(machine)
    fitting, left = _fitting(machine, parts, prices, limits, own.cpu)
    cards = [p for p in fitting if p.kind == "gpu"]
    best = list(_undominated(cards, prices))
    left["another part beats it for no more money"] += len(cards) - len(best)
    again = [p for p in cards if p == own.card and p not in best]
    swapped = swaps(machine, own.cpu, parts)
    items = [Item(p) for p in (*best, *again)]
    items += [Item(p, n) for p in fitting if p.kind == "memory" for n in (1, 2, 4)]
    items += [Item(p) for p in fitting if p.kind == "disk"]
    wanted = [*(_filling(machine, parts, empty) if empty else []), *swapped]
    if is_server(machine, own.cpu) and not closed:
        wanted += _for_servers(machine, parts, prices, limits)
    bought = [p for item in (*items, *swapped) if (p := _priced((item,), prices, limits))]
    bought += _unsold(wanted, prices, limits, left)
    return Offers(
        channels=empty,
        purchases=tuple(bought),
        left_out={why: count for why, count in left.items() if count > 0},
        asked=(
            *(asked(machine, limits) if cards and not closed else ()),
            *unread(machine, own.cpu),
            *boards((p.items[0] for p in bought), own.cpu),
        ),
        closed=closed,
    )


def _unsold(
    wanted: Iterable[Item], prices: Prices, limits: Limits, left: Counter[str]
) -> list[Purchase]:
    """Return what is looked at without a price, and count what is left out for the want of one.

    What has no price is not known to be within a budget, though modules seldom are beyond one.
    """
    unpriced = [item for item in wanted if item.part.name not in prices.bought]
    shown = [i for i in unpriced if limits.budget is None or i.part.kind == "memory"]
    # Processors were not counted with the other parts, and what is shown is not left out.
    left[_unpriced(prices)] += sum(i.part.kind == "cpu" for i in unpriced) - len(shown)
    return [Purchase(items=(item,)) for item in shown]


def _fitting(
    machine: Machine, parts: Iterable[Part], prices: Prices, limits: Limits, cpu: Part | None
) -> tuple[list[Part], Counter[str]]:
    """Keep the parts that fit and can be paid, and count by which reason others do not."""
    # Who states slots, supply and length has looked into the case: it need not be told of.
    blind = None in {limits.slots, limits.supply, limits.length}
    serves = is_server(machine, cpu) and blind
    fitting: list[Part] = []
    left: Counter[str] = Counter()
    for part in (p for p in parts if p.kind != "cpu"):
        why = out_of_place(part) if serves and part.form == "pcie" else ""
        why = why or _unfit(machine, part, prices, limits)
        if why:
            left[why] += 1
        else:
            fitting.append(part)
    return fitting, left


def _for_servers(
    machine: Machine, parts: Iterable[Part], prices: Prices, limits: Limits
) -> list[Item]:
    """List cards made for servers whose makers announce no price: their sellers name it."""
    unknown = _unpriced(prices)
    cards = [
        part
        for part in parts
        if part.kind == "gpu" and part.grade == "datacenter" and part.name not in prices.bought
        and part.launch and not _old(part.launch, limits.today)
        and _unfit(machine, part, prices, limits) == unknown
    ]  # fmt: skip
    return [Item(part) for part in _undominated(cards, prices)]


def _filling(machine: Machine, parts: Iterable[Part], empty: int) -> list[Item]:
    """Fill all empty channels with modules of the size, kind and rate of the first there."""
    like = next(iter(machine.memory.modules or ()), None)
    rate = like and (like.configured_transfers_per_second or like.transfers_per_second)
    alike = (
        part for part in parts
        if part.kind == "memory" and like and part.name.partition("-")[0] == like.kind
        and part.memory == like.size_bytes and part.transfers == rate
    )  # fmt: skip
    return [Item(part, empty) for part in alike][:1]


def pairs(cards: Iterable[Purchase], prices: Prices, limits: Limits) -> Iterator[Purchase]:
    """Double each card, where two can be paid and put in."""
    for card in cards:
        made = _priced((Item(card.items[0].part, 2),), prices, limits)
        if made:
            yield made


def combined(
    cards: Iterable[Purchase], others: Iterable[Purchase], prices: Prices, limits: Limits
) -> Iterator[Purchase]:
    """Put each of a few cards together with each module or disk, where both can be paid."""
    rest = list(others)
    for card in cards:
        for other in rest:
            made = _priced((*card.items, *other.items), prices, limits)
            if made:
                yield made


def _unfit(machine: Machine, part: Part, prices: Prices, limits: Limits) -> str:
    """Say why a part is no candidate; empty where it is one."""
    if part.kind not in {"gpu", "memory", "disk"}:
        return "no part of a machine"
    why = ""
    if part.kind == "gpu":
        why = closed_to_cards(machine) or _unfit_card(part, limits)
    if part.kind == "memory":
        why = _unfit_module(machine, part)
    if why:
        return why
    price = prices.bought.get(part.name)
    if price is None:
        return _unpriced(prices)
    if price.source == LAUNCH and _old(price.date, limits.today):
        return f"its launch price is over {_YEARS} years old"
    if limits.budget is not None and price.amount > limits.budget:
        return "beyond the budget"
    return ""


def _unpriced(prices: Prices) -> str:
    return f"no price in {prices.currency} is known (--prices FILE brings yours)"


def _old(launch: str, today: str) -> bool:
    if not re.match(r"\d{4}-\d{2}", today) or not re.match(r"\d{4}-\d{2}", launch):
        return False
    months = [int(day[:4]) * 12 + int(day[5:7]) for day in (today, launch)]
    return months[0] - months[1] > 12 * _YEARS


def _unfit_module(machine: Machine, part: Part) -> str:
    kinds = {module.kind for module in machine.memory.modules or () if module.kind}
    if not kinds:
        return "the modules that are in it could not be read (mlinfra probe as root)"
    return "" if part.name.partition("-")[0] in kinds else "memory of another generation"


def _unfit_card(part: Part, limits: Limits) -> str:
    if part.form != "pcie":
        return "no PCIe card"
    if not part.bandwidth or not ({"fp32", "fp16"} & set(part.peaks)):
        return "its rates are not published"
    if limits.supply is not None and part.supply and part.supply > limits.supply:
        return "the power supply is too small"
    if limits.slots is not None and part.slots and part.slots > limits.slots:
        return "too few free slots"
    if limits.length is not None and part.length_mm and part.length_mm > limits.length:
        return "too long"
    return ""


def _merits(part: Part) -> tuple[float, ...]:
    peaks = part.peaks
    half = max(peaks.get("fp16", 0.0), peaks.get("bf16", 0.0))
    return (part.memory or 0.0, part.bandwidth or 0.0, peaks.get("fp32", 0.0), half,
            peaks.get("bf16", 0.0), -(part.power or 0.0))  # fmt: skip


def _undominated(cards: list[Part], prices: Prices) -> Iterator[Part]:
    """Leave out cards that another beats in everything, power included, for no more money."""
    free = Price(0.0, prices.currency, "", "")
    costs = {
        part.name: (*_merits(part), -prices.bought.get(part.name, free).amount) for part in cards
    }
    for part in cards:
        mine = costs[part.name]
        beaten = any(
            other != mine and all(a >= b for a, b in zip(other, mine, strict=True))
            for other in costs.values()
        )
        if not beaten:
            yield part


def _priced(items: tuple[Item, ...], prices: Prices, limits: Limits) -> Purchase | None:
    """Return the purchase with its price, unless it is beyond the budget or what fits."""
    if any(item.part.name not in prices.bought for item in items):
        return None
    each = [prices.bought[item.part.name] for item in items]
    amount = sum(p.amount * i.count for p, i in zip(each, items, strict=True))
    if limits.budget is not None and amount > limits.budget:
        return None
    if (
        limits.slots is not None
        and sum((i.part.slots or 0) * i.count for i in items) > limits.slots
    ):
        return None
    sources = " + ".join(dict.fromkeys(p.source for p in each))
    dates = ", ".join(dict.fromkeys(p.date for p in each))
    return Purchase(items=items, price=Price(amount, prices.currency, sources, dates))
