"""One purchase tried: the best plan on the machine with all its parts in it."""

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from advisor import judge, predict
from advisor.constants import ConstantSet
from advisor.constraint import Constraints
from advisor.errors import AdvisorError
from advisor.estimate import Estimate, Interval
from advisor.part import Catalogue
from advisor.pipeline import channels
from advisor.pipeline.edited import NOTHING, Addition, Own, foreign, with_devices
from advisor.pipeline.enlarged import with_disk, with_memory
from advisor.pipeline.offers import Own as Possessed
from advisor.pipeline.published import part_of
from advisor.pipeline.recommend import Question
from advisor.pipeline.standing import Now
from advisor.predict.elsewhere.planned import Foreign
from advisor.predict.elsewhere.planned import estimates as planned
from advisor.predict.elsewhere.silicon import Figures, silicon
from advisor.predict.feed import supply
from advisor.predict.width import interval, joined, spread_of
from advisor.profile import Profile
from advisor.purchase import Item, Purchase
from advisor.rule import Rule
from advisor.vocabulary import Situation, declared, state
from advisor.workload import Workload

# Set, not fitted: processors were compared with others of servers, where wider vectors were worth
# what they promise; how far that holds on desktops' boards and memory, nothing here was tried on.
_SWAPPED = 0.2


class Bazaar(msgspec.Struct, frozen=True, kw_only=True):
    """All that purchases are predicted with; ``channels`` of the memory hold no module yet."""

    question: Question
    now: Now
    catalogue: Catalogue
    own: Possessed
    figures: Figures
    sets: dict[str, ConstantSet]
    rules: tuple[Rule, ...]
    channels: int = 0


def tried(bazaar: Bazaar, purchase: Purchase) -> Purchase:
    """Predict the best plan on the machine with all items in it."""
    likely = _tried(bazaar, purchase, 1.0)
    if likely.gain and any(item.part.kind == "cpu" for item in purchase.items):
        spread = joined(spread_of(likely.gain), _SWAPPED)
        return replace(likely, gain=interval(likely.gain.likely, spread, likely.gain.unit))
    fills = any(item.part.kind == "memory" for item in purchase.items) and bazaar.channels
    if not fills or likely.gain is None:
        return likely
    # What a channel more brings is known to a range: its ends widen the gain.
    least, most = (
        _tried(bazaar, purchase, worth).gain for worth in (channels.LEAST, channels.MOST)
    )
    gain = likely.gain
    low = gain.low * least.likely / gain.likely if least else gain.low
    high = gain.high * most.likely / gain.likely if most else gain.high
    return replace(likely, gain=Interval(low, gain.likely, high, gain.unit))


def _tried(bazaar: Bazaar, purchase: Purchase, worth: float) -> Purchase:
    now, profile = bazaar.now, bazaar.now.known.profile
    found: list[Estimate] = []
    for item in purchase.items:
        if item.part.kind == "memory":
            profile = with_memory(profile, item, bazaar.channels, worth)
        elif item.part.kind == "disk":
            profile = with_disk(profile, item)
    try:
        for item in purchase.items:
            if item.part.kind == "gpu":
                profile, made = _with_card(bazaar, profile, item)
                found += made
            elif item.part.kind == "cpu":
                profile, made = _with_processor(bazaar, profile, item)
                found += made
    except AdvisorError as error:
        return replace(purchase, why_none=error.wrong)
    if profile is not now.known.profile and not found:
        found = _again(bazaar, profile)
    return judged(bazaar, profile, purchase, found)


def _with_card(bazaar: Bazaar, profile: Profile, item: Item) -> tuple[Profile, list[Estimate]]:
    """Add cards, alone and, where one is there already, together with it."""
    now = bazaar.now
    mine = now.estimate.plan.place if now.estimate else ""
    same = part_of(profile.machine, mine, bazaar.catalogue) if mine.startswith("gpu") else None
    here = tuple(e for e in now.own if e.plan.place == mine)
    own = Own(here, silicon(same, bazaar.figures)) if same else NOTHING
    twins = (mine,) if same == item.part else ()
    addition = Addition(item.part, item.count, twins)
    edited, place = with_devices(profile, addition)
    there = foreign(edited, place, addition, bazaar.figures, own)
    same_precision = replace(there, dtype=_halved(now))
    made = _planned(bazaar, same_precision) or _planned(bazaar, there)
    return edited, _asked(bazaar, made, _watts(item))


def _planned(bazaar: Bazaar, there: Foreign) -> tuple[Estimate, ...]:
    """Predict plans on cards; on more of the one there, in the batch that is best now."""
    now, workload = bazaar.now, _coarser(bazaar.now)
    if now.estimate and there.place.startswith(f"{now.estimate.plan.place}+"):
        workload = replace(workload, batches=(now.estimate.plan.batch,))
    return planned(workload, (now.phase,), there, bazaar.figures, bazaar.sets["gpu"])


def _halved(now: Now) -> str:
    """Return the 16 bits that a GPU here does best in: who uses them stays with them."""
    plan = now.estimate.plan if now.estimate else None
    return plan.dtype if plan and plan.kind != "cpu" and plan.dtype in {"bf16", "fp16"} else ""


def _with_processor(bazaar: Bazaar, profile: Profile, item: Item) -> tuple[Profile, list[Estimate]]:
    """Put processors in place of those there; the modules, and with them the memory, stay.

    Plans on the processor are those there now, moved to the new part in the precision that is best
    now, for what another gains there is known less; a GPU that waits for data gets more workers.
    """
    now, old = bazaar.now, bazaar.own.cpu
    threads = (item.part.threads or 0) * item.count
    cpu = replace(
        profile.machine.cpu, model=item.part.name, threads_allowed=threads or None,
        cores=(item.part.cores or 0) * item.count or None,
    )  # fmt: skip
    edited = replace(profile, machine=replace(profile.machine, cpu=cpu))
    if now.estimate is None or now.estimate.plan.place != "cpu" or old is None:
        return edited, []
    slow = replace(item.part, bandwidth=old.bandwidth, transfers=old.transfers)
    own = tuple(e for e in now.own if e.plan.place == "cpu")
    there = Foreign(
        place="cpu", device=silicon(slow, bazaar.figures, item.count), own=own,
        memory=now.estimate.memory_available, supply=supply(edited, "cpu"),
        mine=silicon(old, bazaar.figures, item.count), dtype=now.estimate.plan.dtype,
    )  # fmt: skip
    made = planned(_coarser(now), (now.phase,), there, bazaar.figures, bazaar.sets["cpu"])
    return edited, _asked(bazaar, made, None)


def _asked(bazaar: Bazaar, made: Sequence[Estimate], watts: float | None) -> list[Estimate]:
    """Keep what was asked for, with what it is to those who wait for it."""
    asked = bazaar.question.constraints
    kept = (e for e in made if asked.precision in {None, e.plan.precision})
    return [predict.served(e, bazaar.now.workload, asked, watts) for e in kept]


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


def _compiled(now: Now, asked: Constraints) -> bool | None:
    """Say whether plans are compiled: as was asked, else all where the one now is."""
    mine = now.estimate.plan if now.estimate else None
    return asked.compile if asked.compile is not None else (mine and mine.compiled) or None


def judged(
    bazaar: Bazaar, profile: Profile, purchase: Purchase, found: Sequence[Estimate]
) -> Purchase:
    """Choose among the new plans as `recommend` does, and compare the best with the one now."""
    now, asked = bazaar.now, bazaar.question.constraints
    every = predict.settled(now.workload, found, compiled=_compiled(now, asked))
    # Compiled, they answer sooner than they did.
    served = (predict.served(e, now.workload, asked) for e in every)
    best = predict.ranked(served, "throughput")
    situation = Situation(
        profile=profile, workload=now.workload, estimates=best, ratio=predict.ratio,
        constraints=asked,
    )  # fmt: skip
    verdicts = judge.speaking(bazaar.rules, state(situation), declared())
    decision = judge.decide(now.phase, best, verdicts, predict.ratio)
    if decision.chosen is None:
        return replace(purchase, why_none=decision.why_none or "no plan could be predicted")
    gain = predict.ratio(decision.chosen, now.estimate) if now.estimate else None
    return replace(purchase, estimate=decision.chosen, gain=gain)
