"""What to buy: the same prediction on the machine with each part that fits, ranked."""

import math
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from advisor import book, judge, predict
from advisor.advice import Verdict
from advisor.constants import ConstantSet
from advisor.errors import AdvisorError
from advisor.estimate import Estimate, Interval
from advisor.part import Catalogue, Part, index, resolve
from advisor.pipeline import kept
from advisor.pipeline.edited import NOTHING, Addition, Own, foreign, with_devices
from advisor.pipeline.enlarged import with_disk, with_memory
from advisor.pipeline.folders import layered
from advisor.pipeline.offers import Limits, Offers, combined, offers, pairs
from advisor.pipeline.offers import Own as Possessed
from advisor.pipeline.published import part_of
from advisor.pipeline.recommend import Question, constants, ground, read
from advisor.pipeline.standing import Now, standing
from advisor.predict.elsewhere.planned import estimates as planned
from advisor.predict.elsewhere.silicon import Figures, silicon
from advisor.profile import Profile
from advisor.purchase import Item, Prices, Purchase, prices
from advisor.rule import Effect, Rule
from advisor.vocabulary import Situation, declared, state
from advisor.workload import Workload

KINDS = ("gpu", "memory", "disk")
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


class Bazaar(msgspec.Struct, frozen=True, kw_only=True):
    """All that purchases are predicted with."""

    shopping: Shopping
    now: Now
    catalogue: Catalogue
    figures: Figures
    sets: dict[str, ConstantSet]
    rules: tuple[Rule, ...]
    channels: int = 0


class Bought(msgspec.Struct, frozen=True, kw_only=True):
    """Everything an answer is laid out from: purchases ranked best first."""

    now: Now
    prices: Prices
    offers: Offers
    purchases: tuple[Purchase, ...]
    scaling: tuple[Purchase, ...]
    verdicts: tuple[Verdict, ...]
    fixes: tuple[Verdict, ...] = ()

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
    cpus = index(part for part in everything if part.kind == "cpu")
    own = Possessed(twin, part_of(machine, "cpu", cpus))
    listed = offers(machine, parts, paid, limits, own)
    bazaar = Bazaar(
        shopping=shopping, now=now, catalogue=catalogue,
        figures=book.constants("elsewhere", folders, ConstantSet).figures,
        sets=dict(constants(question.rules)), rules=_gates(now.known.rules),
        channels=listed.channels,
    )  # fmt: skip
    tried = _ranked(_tried(bazaar, listed.purchases, paid), shopping.rank)
    cards = _cards(tried)
    more = [
        *pairs(cards[:_TWICE], paid, limits),
        *combined(cards[:_TOGETHER], _others(tried), paid, limits),
    ]
    ranked = _ranked([*tried, *_tried(bazaar, more, paid)], shopping.rank)
    return Bought(
        now=now, prices=paid, offers=listed, purchases=tuple(ranked),
        scaling=tuple(_scaling(bazaar, ranked)), verdicts=_said(bazaar, ranked),
        fixes=now.fixes,
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


def _gates(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Keep the rules that choose among plans."""
    kept = {Effect.FORBID, Effect.PREFER}
    return tuple(rule for rule in rules if rule.subject == "plan" and rule.effect in kept)


def _tried(bazaar: Bazaar, purchases: Iterable[Purchase], paid: Prices) -> list[Purchase]:
    say = bazaar.shopping.question.look.say
    listed = list(purchases)
    if len(listed) > _MANY:
        say(f"predicting {bazaar.now.workload.name} with {len(listed)} purchases")
    return [_broken_even(_try(bazaar, purchase), paid) for purchase in listed]


def _try(bazaar: Bazaar, purchase: Purchase) -> Purchase:
    """Predict the best plan on the machine with all items in it."""
    now, profile = bazaar.now, bazaar.now.known.profile
    found: list[Estimate] = []
    for item in purchase.items:
        if item.part.kind == "memory":
            profile = with_memory(profile, item, bazaar.channels)
        elif item.part.kind == "disk":
            profile = with_disk(profile, item)
    try:
        for item in (i for i in purchase.items if i.part.kind == "gpu"):
            profile, made = _with_card(bazaar, profile, item)
            found += made
    except AdvisorError as error:
        return replace(purchase, why_none=error.wrong)
    if profile is not now.known.profile and not found:
        found = _again(bazaar, profile)
    return _judged(bazaar, profile, purchase, found)


def _with_card(bazaar: Bazaar, profile: Profile, item: Item) -> tuple[Profile, list[Estimate]]:
    """Add cards, alone and, where one is there already, together with it."""
    now = bazaar.now
    mine = now.estimate.plan.place if now.estimate else ""
    same = part_of(profile.machine, mine, bazaar.catalogue) if mine.startswith("gpu") else None
    own = Own(now.own, silicon(same, bazaar.figures)) if same else NOTHING
    twins = (mine,) if same == item.part else ()
    addition = Addition(item.part, item.count, twins)
    edited, place = with_devices(profile, addition)
    made = planned(
        _coarser(now), (now.phase,), foreign(edited, place, addition, bazaar.figures, own),
        bazaar.figures, bazaar.sets["gpu"],
    )  # fmt: skip
    asked, watts = bazaar.shopping.question.constraints, _watts(item)
    kept = (e for e in made if asked.precision in {None, e.plan.precision})
    return edited, [predict.served(e, now.workload, asked, watts) for e in kept]


def _coarser(now: Now) -> Workload:
    """Leave every second batch, the largest and the one that is best now: many cards are tried."""
    batches = sorted(now.workload.batches, reverse=True)
    kept = {*batches[::2], *([now.estimate.plan.batch] if now.estimate else [])}
    return replace(now.workload, batches=tuple(sorted(kept)))


def _watts(item: Item) -> float | None:
    return item.part.power * item.count if item.part.power else None


def _again(bazaar: Bazaar, profile: Profile) -> list[Estimate]:
    """Predict the plans on what was there before, with what feeds it changed."""
    listed = predict.plans(bazaar.now.workload, profile, bazaar.sets)
    return [e for e in listed if e.plan.phase == bazaar.now.phase]


def _judged(
    bazaar: Bazaar, profile: Profile, purchase: Purchase, found: Sequence[Estimate]
) -> Purchase:
    """Choose among the new plans as `recommend` does, and compare the best with the one now."""
    now = bazaar.now
    situation = Situation(
        profile=profile, workload=now.workload, estimates=tuple(found), ratio=predict.ratio,
        constraints=bazaar.shopping.question.constraints,
    )  # fmt: skip
    verdicts = judge.judge(bazaar.rules, state(situation), declared(), traced=False)
    decision = judge.decide(now.phase, found, verdicts, predict.ratio)
    if decision.chosen is None:
        return replace(purchase, why_none=decision.why_none or "no plan could be predicted")
    gain = predict.ratio(decision.chosen, now.estimate) if now.estimate else None
    return replace(purchase, estimate=decision.chosen, gain=gain)


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

    def key(p: Purchase) -> tuple[int, float]:
        if p.estimate is None or p.estimate.throughput is None:
            return (2, 0.0)
        speed = p.gain.likely - 1 if p.gain else p.estimate.throughput.likely
        cost = {"gain": 1.0, "price": p.price.amount if p.price else math.inf,
                "power": p.watts or math.inf}[rank]  # fmt: skip
        return (0, -speed / cost) if speed > 0 else (1, -speed)

    return sorted(purchases, key=key)


def _cards(purchases: Iterable[Purchase]) -> list[Purchase]:
    return [p for p in purchases if p.estimate and p.items[0].part.kind == "gpu"]


def _others(purchases: Iterable[Purchase]) -> list[Purchase]:
    """Keep modules and disks whose price is known: what they are bought with has a sum."""
    return [p for p in purchases if p.items[0].part.kind != "gpu" and p.price]


def _scaling(bazaar: Bazaar, ranked: Sequence[Purchase]) -> Iterable[Purchase]:
    """Predict one, two, four and eight of the best card, whatever they cost."""
    best = next((p for p in _cards(ranked) if len(p.items) == 1), None)
    for count in (1, 2, 4, 8) if best else ():
        assert best is not None  # noqa: S101 - the loop is empty without it
        yield _try(bazaar, Purchase(items=(Item(best.items[0].part, count),)))


def _said(bazaar: Bazaar, ranked: Sequence[Purchase]) -> tuple[Verdict, ...]:
    """Hear the rules that speak of purchases."""
    rules = [rule for rule in bazaar.now.known.rules if rule.subject == "part"]
    situation = Situation(
        profile=bazaar.now.known.profile, workload=bazaar.now.workload,
        purchases=tuple(ranked), constraints=bazaar.shopping.question.constraints,
    )  # fmt: skip
    return tuple(judge.judge(rules, state(situation), declared())) if rules else ()


def surely(gain: Interval | None, more: float) -> bool:
    """Whether a gain is above a factor at its low end too."""
    return gain is not None and gain.low > more
