"""What to buy: the same prediction on the machine with each part that fits, ranked."""

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from advisor import book, judge
from advisor.advice import Truth, Verdict
from advisor.errors import AdvisorError
from advisor.estimate import Interval
from advisor.part import Catalogue, Part, index, resolve
from advisor.pipeline import kept
from advisor.pipeline.folders import layered
from advisor.pipeline.offers import Offers, combined, offers, pairs
from advisor.pipeline.offers import Own as Possessed
from advisor.pipeline.published import part_of
from advisor.pipeline.recommend import Question, constants, ground, read
from advisor.pipeline.slices import whole_card
from advisor.pipeline.standing import Now, standing
from advisor.pipeline.tried import Bazaar, tried
from advisor.profile import Profile
from advisor.purchase import Item, Limits, Prices, Purchase, prices
from advisor.rule import Effect, Severity
from advisor.vocabulary import Situation, declared, state

KINDS = ("gpu", "memory", "disk", "cpu")
# How many of the best cards are tried twice over, and together with modules and disks.
_TWICE, _TOGETHER = 8, 3
# From so many predictions on it takes longer than a second.
_MANY = 8


class Shopping(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked: for which workload, with what money, by which prices, ranked by what.

    ``rank`` is gain, price or power: gain alone, for the money, or for the watts. ``currency`` is
    that of the budget, where it was said.
    """

    question: Question
    limits: Limits = Limits()
    prices: Path | None = None
    rank: str = "price"
    currency: str = ""


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an answer is laid out from: purchases ranked best first.

    ``whole`` is the gain of the whole card where the best plan runs on a slice of it.
    """

    now: Now
    prices: Prices
    offers: Offers
    purchases: tuple[Purchase, ...]
    scaling: tuple[Purchase, ...]
    verdicts: tuple[Verdict, ...]
    fixes: tuple[Verdict, ...] = ()
    whole: Interval | None = None

    @property
    def inside(self) -> bool:
        """Whether the machine is a guest or a container, so that parts go into another."""
        machine = self.now.known.profile.machine
        held = machine.software.container not in {None, "", "none", "wsl2"}
        return bool(machine.cpu.hypervisor) or held


def shop(shopping: Shopping, measure: Callable[[], Profile]) -> Bought:
    """Rank what could be bought.

    Raises:
        AdvisorError: the workload, a rule, a part, a price or the profile cannot be read.
    """
    question = shopping.question
    workload = read(question)
    folders = layered(question.rules)
    everything = tuple(kept.catalogue(folders))
    parts = tuple(part for part in everything if part.kind in KINDS)
    catalogue = index(parts)
    paid = _prices(shopping, parts, catalogue)
    now = standing(workload, question, ground(question, measure))
    machine = now.known.profile.machine
    place = now.estimate.plan.place if now.estimate else ""
    twin = part_of(machine, place, catalogue) if place.startswith("gpu") else None
    limits = replace(shopping.limits, today=now.known.profile.taken[:7])
    own = Possessed(twin, part_of(machine, "cpu", catalogue))
    listed = offers(machine, parts, paid, limits, own)
    bazaar = Bazaar(
        question=question, now=now, catalogue=catalogue, own=own,
        figures=kept.constants("elsewhere", folders).figures,
        sets=dict(constants(question.rules)), rules=tuple(r for r in now.known.rules if r.gate),
        channels=listed.channels,
    )  # fmt: skip
    alone = _ranked(_tried(bazaar, listed.purchases, paid), shopping.rank)
    cards = _cards(alone)
    more = [
        *pairs(cards[:_TWICE], paid, limits),
        *combined(cards[:_TOGETHER], _others(alone), paid, limits),
    ]
    ranked = _ranked([*alone, *_tried(bazaar, more, paid)], shopping.rank)
    said = _said(bazaar, ranked)
    best = best_of(ranked, said, limits)
    return Bought(
        now=now, prices=paid, offers=listed, purchases=tuple(ranked),
        scaling=tuple(_scaling(bazaar, best, ranked)), verdicts=said, fixes=now.fixes,
        whole=whole_card(bazaar),
    )  # fmt: skip


def _prices(shopping: Shopping, parts: Iterable[Part], catalogue: Catalogue) -> Prices:
    own = None
    if shopping.prices:
        own = book.price_list(shopping.prices, lambda name: resolve(catalogue, name).part.name)
    paid = prices({part.name: part for part in parts}, own)
    if shopping.currency not in {"", paid.currency}:
        raise AdvisorError(
            f"compare with a budget in {shopping.currency}",
            f"the prices are in {paid.currency}, and currencies do not convert",
            remedy="bring prices in that currency with --prices",
        )
    return paid


def _tried(bazaar: Bazaar, purchases: Iterable[Purchase], paid: Prices) -> list[Purchase]:
    say = bazaar.question.look.say
    listed = list(purchases)
    if len(listed) > _MANY:
        say(f"predicting {bazaar.now.workload.name} with {len(listed)} purchases")
    return [_broken_even(tried(bazaar, purchase), paid) for purchase in listed]


def _broken_even(purchase: Purchase, paid: Prices) -> Purchase:
    """Add from how many hours of use on renting the same would have cost more."""
    first = purchase.items[0]
    rent = paid.rented.get(first.part.name)
    if rent is None or purchase.price is None or len(purchase.items) > 1:
        return purchase
    hours = purchase.price.amount / (rent.amount * first.count)
    return replace(purchase, rent=rent, break_even=hours)


def _ranked(purchases: Iterable[Purchase], rank: str) -> list[Purchase]:
    """Put the best first; what makes nothing faster, or cannot be predicted, last."""

    def key(p: Purchase) -> tuple[int, float, float]:
        if p.estimate is None or p.estimate.throughput is None:
            return (2, 0.0, 0.0)
        speed = p.gain.likely - 1 if p.gain else p.estimate.throughput.likely
        cost = {"gain": 1.0, "price": p.price.amount if p.price else math.inf,
                "power": p.watts or math.inf}[rank]  # fmt: skip
        return (0, -speed / cost, -speed) if speed > 0 else (1, -speed, 0.0)

    return sorted(purchases, key=key)


def _cards(purchases: Iterable[Purchase]) -> list[Purchase]:
    return [p for p in purchases if p.estimate and p.items[0].part.kind == "gpu"]


def _others(purchases: Iterable[Purchase]) -> list[Purchase]:
    """Keep modules and disks whose price is known: what they are bought with has a sum."""
    return [p for p in purchases if p.items[0].part.kind != "gpu" and p.price]


def best_of(ranked: Sequence[Purchase], said: Iterable[Verdict], limits: Limits) -> Purchase | None:
    """Return the first by rank that surely gains a tenth, else the first.

    One that no rule warns of, with a price, and of cards a single one, where nobody said that
    slots and power supply bear more, comes before others.
    """
    fires = (v for v in said if v.truth is Truth.FIRES and v.effect is Effect.ADVISE)
    warned = {v.subject for v in fires if v.severity is not Severity.INFO}
    bears = limits.slots is not None and limits.supply is not None

    def plain(p: Purchase) -> bool:
        cards = sum(i.count for i in p.items if i.part.kind == "gpu")
        return str(p) not in warned and p.price is not None and (bears or cards <= 1)

    sure = [p for p in ranked if surely(p.gain, WORTH)]
    # Where nothing runs now there is no gain: what would run is better than nothing.
    able = [p for p in ranked if p.gain is None and p.estimate and p.estimate.throughput]
    choice = sure or able or list(ranked)
    return next((p for p in choice if plain(p)), next(iter(choice), None))


def _scaling(
    bazaar: Bazaar, best: Purchase | None, ranked: Sequence[Purchase]
) -> Iterable[Purchase]:
    """Predict one, two, four and eight of the best card, whatever they cost, all set as one is."""
    first = [best] if best else []
    card = next((p for p in _cards([*first, *ranked]) if len(p.items) == 1), None)
    if card is None:
        return
    one = tried(bazaar, Purchase(items=(Item(card.items[0].part, 1),)))
    yield one
    like = _like(bazaar, one)
    for count in (2, 4, 8):
        yield tried(like, Purchase(items=(Item(card.items[0].part, count),)))


def _like(bazaar: Bazaar, one: Purchase) -> Bazaar:
    """Ask for plans in the precision of a purchase's plan, compiled where it is."""
    if one.estimate is None:
        return bazaar
    plan, asked = one.estimate.plan, bazaar.question.constraints
    asked = replace(asked, precision=plan.precision, compile=plan.compiled)
    return replace(bazaar, question=replace(bazaar.question, constraints=asked))


def _said(bazaar: Bazaar, ranked: Sequence[Purchase]) -> tuple[Verdict, ...]:
    """Hear the rules that speak of purchases."""
    rules = [rule for rule in bazaar.now.known.rules if rule.subject == "part"]
    situation = Situation(
        profile=bazaar.now.known.profile, workload=bazaar.now.workload,
        purchases=tuple(ranked), constraints=bazaar.question.constraints,
    )  # fmt: skip
    return tuple(judge.judge(rules, state(situation), declared())) if rules else ()


# What a purchase must surely bring to be worth its trouble: a tenth, as rules ask of precisions.
WORTH = 1.1


def surely(gain: Interval | None, more: float) -> bool:
    """Whether a gain is above a factor at its low end too."""
    return gain is not None and gain.low > more
