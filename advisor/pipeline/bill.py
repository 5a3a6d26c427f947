"""Purchases laid out as the report that is printed, with the verdict: buy this, or nothing."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from advisor import __version__, predict
from advisor.advice import Truth, Verdict
from advisor.estimate import Interval
from advisor.pipeline.answer import digest, plan_line
from advisor.pipeline.upgrade import WORTH, Bought, Shopping, best_of, surely
from advisor.purchase import Item, Purchase
from advisor.report import FindingLine, PlanLine
from advisor.rule import Effect
from advisor.units import digits, show
from advisor.upgraded import PurchaseLine, UpgradeReport
from advisor.workload import Workload, taking

# A doubling of cards that brings less than this has stopped helping.
_HELPS = 1.3
_YEAR_HOURS = 8760.0
# A job that is done within the hour waits for no hardware, as the rule nothing-to-buy says.
_SOON = 3600.0


def laid_out(bought: Bought, shopping: Shopping) -> UpgradeReport:
    """Lay out all purchases, best first."""
    now = bought.now
    best = best_of(bought.purchases, bought.verdicts, shopping.limits)
    verdict, why = _enough(bought) or _verdict(bought, best)
    lines = tuple(_line(p, bought, best) for p in bought.purchases)
    return UpgradeReport(
        tool=__version__,
        profile=digest(now.known.profile),
        taken=now.known.profile.taken,
        workload=now.workload.name,
        title=now.workload.title,
        phase=now.phase,
        rank=shopping.rank,
        budget=shopping.limits.budget,
        currency=bought.prices.currency,
        now=plan_line(now.estimate, now.workload) if now.estimate else None,
        why_none=now.why_none,
        verdict=verdict,
        why=why,
        whole_card=bought.whole,
        purchases=lines,
        scaling=tuple(_line(p, bought, None) for p in bought.scaling),
        more=_more(bought.scaling),
        asked=bought.offers.asked,
        left_out=dict(bought.offers.left_out),
        fixes=tuple(_finding(v) for v in bought.fixes),
        findings=tuple(_finding(v) for v in bought.verdicts if _speaks(v)),
        verdicts=bought.verdicts,
    )


def _speaks(verdict: Verdict) -> bool:
    return verdict.truth is Truth.FIRES and verdict.effect is Effect.ADVISE


def _finding(verdict: Verdict) -> FindingLine:
    return FindingLine(
        rule=verdict.rule, subject=verdict.subject, severity=verdict.severity,
        title=verdict.title, advice=verdict.advice, because=verdict.because,
    )  # fmt: skip


def _verdict(bought: Bought, best: Purchase | None) -> tuple[str, str]:
    """Say what to do and why: nothing where no purchase surely brings a tenth."""
    if bought.offers.closed and not bought.purchases:
        return "Buy nothing for it", f"{bought.offers.closed}; another machine or renting is left"
    if best is None:
        return "Buy nothing", "no part that fits has a price within the budget"
    if best.estimate is None or best.estimate.throughput is None:
        return "Buy nothing", f"with no part within the budget does it run: {best.why_none}"
    then = show(best.estimate.throughput.likely, best.estimate.throughput.unit)
    if bought.now.estimate is None:
        return _from_nothing(bought, f"Buy {best}", then)
    named = f"one more {best}" if _twin(best) and best.items[0].count == 1 else str(best)
    if best.gain is None or not surely(best.gain, WORTH):
        return "Buy nothing", _not_worth(bought.purchases)
    times = digits(best.gain.likely, 2)
    place = (
        f"; look at what must be checked first: {bought.offers.asked[0]}" if bought.inside else ""
    )
    return f"Buy {named}", f"{then}, {times} times as fast{_saved(bought, best)}{place}"


def _enough(bought: Bought) -> tuple[str, str] | None:
    """Say what stands before any purchase: a repair, a GPU not timed, a larger slice."""
    now, lost = bought.now.estimate, bought.now.mended
    if lost and lost.estimate.throughput:
        rate = lost.estimate.throughput
        would = f"{lost.estimate.plan.place} would run it at {show(rate.likely, rate.unit)}"
        return (
            "Mend before buying",
            f"{would} once mended ({lost.rule}; mlinfra recommend says how)",
        )
    unknown = next((e for e in bought.now.unpredicted if e.plan.kind == "gpu"), None)
    if unknown:
        wrong = f"nothing is known of the speed of {unknown.plan.place}, which is there"
        return "Measure before buying", f"{wrong}: {unknown.settles or 'mlinfra bench'}"
    job = now.job_seconds if now else None
    if job and job.high < _SOON:
        return "Buy nothing", f"the whole job takes {show(job.likely, 's', 2)} on this machine"
    if now and "/mig:" in now.plan.place:
        return "Ask for a larger slice first", _whole(bought.whole)
    return None


def _whole(gain: Interval | None) -> str:
    """Say what the whole card would bring, and whom purchases are for."""
    asked = "whoever runs it can give you more of it; parts are for its owner to buy"
    if gain is None:
        return asked
    low, likely, high = (digits(x, 2) for x in (gain.low, gain.likely, gain.high))
    return f"the whole card would likely be {likely} times as fast ({low} to {high}); {asked}"


def _from_nothing(bought: Bought, buy: str, then: str) -> tuple[str, str]:
    """Say what to do where there is no plan now: ruled out, or only not timed."""
    if bought.now.settles:
        wrong = f"what it does now is not known ({bought.now.why_none})"
        return "Measure before buying", f"{wrong}: {bought.now.settles}"
    return buy, f"it does not run now, and would run at {then}"


def _not_worth(purchases: Sequence[Purchase]) -> str:
    gains = [p.gain for p in purchases if p.gain]
    most = max(gains, key=lambda gain: gain.low, default=None)
    if most is None:
        return "no gain could be predicted"
    if most.likely <= 1:
        return f"nothing that fits is faster (the best, {digits(most.likely, 2)} times as fast)"
    return (
        f"the best would likely be {digits(most.likely, 2)} times as fast, but "
        f"{digits(most.low, 2)} to {digits(most.high, 2)} are possible, so that none is surely a "
        "tenth faster; rent "
        "one for an hour and time it there before you buy"
    )


def _saved(bought: Bought, best: Purchase) -> str:
    """Say the time that a stated job saves."""
    now, then = bought.now.estimate, best.estimate
    if not (now and then and now.job_seconds and then.job_seconds and bought.now.workload.job):
        return ""
    took, takes = now.job_seconds.likely, then.job_seconds.likely
    title = bought.now.workload.job.title
    saved = f", which saves {show(took - takes, 's', 2)} a run" if took > takes else ""
    return f"; {taking(title)} {show(takes, 's', 2)} in place of {show(took, 's', 2)}{saved}"


def _line(purchase: Purchase, bought: Bought, best: Purchase | None) -> PurchaseLine:
    price, workload = purchase.price, bought.now.workload
    first = purchase.items[0]
    rentable = len(purchase.items) == 1 and first.part.kind == "gpu" and not purchase.rent
    hourly = price.amount / _YEAR_HOURS if price and rentable else None
    return PurchaseLine(
        name=str(purchase),
        count=sum(item.count for item in purchase.items),
        kind=first.part.kind if len(purchase.items) == 1 else "combination",
        twin=_twin(purchase),
        price=price.amount if price else None,
        currency=bought.prices.currency,
        price_source=price.source if price else "",
        price_date=price.date if price else "",
        watts=purchase.watts or None,
        needs=tuple(need for item in purchase.items for need in _needs(item)),
        gain=purchase.gain,
        tied=_tied(purchase, best),
        gain_per_thousand=purchase.per_thousand,
        gain_per_hundred_watts=purchase.per_hundred_watts,
        plan=_plan(purchase, workload),
        why_none=purchase.why_none,
        rent=purchase.rent.amount if purchase.rent else None,
        break_even=purchase.break_even,
        rent_below=hourly,
    )


def _plan(purchase: Purchase, workload: Workload) -> PlanLine | None:
    return plan_line(purchase.estimate, workload) if purchase.estimate else None


def _twin(purchase: Purchase) -> bool:
    """Whether it joins a card of its kind that is there already."""
    place = purchase.estimate.plan.place if purchase.estimate else ""
    cards = sum(item.count for item in purchase.items if item.part.kind == "gpu")
    return place.startswith("gpu") and place.count("+") + 1 > cards > 0


def _needs(item: Item) -> Iterator[str]:
    """Name what a card asks of the machine."""
    part = item.part
    if part.kind != "gpu":
        yield from _seats(item)
        return
    if part.slots:
        width = part.slots * item.count
        yield f"{width:g} slot{'s' if width > 1 else ''}"
    if part.connectors and part.connectors != "none":
        yield part.connectors if item.count == 1 else f"{item.count}x ({part.connectors})"
    if part.supply:
        extra = (item.count - 1) * (part.power or 0.0)
        yield f"{part.supply + extra:.0f} W supply"


def _seats(item: Item) -> Iterator[str]:
    """Name the places that modules and disks want, and what their makers' rates are worth."""
    where = {"m.2": "an M.2 slot", "u.2": "a U.2 bay", "sata": "a SATA port"}
    if item.part.kind == "memory":
        yield f"{item.count} free {(item.part.form or 'memory').upper()} slots"
    elif item.part.kind == "cpu":
        yield f"firmware that knows it, cooling for {item.part.power or 0:.0f} W each"
    elif item.part.form in where:
        yield where[item.part.form]
        yield "its maker's rate is the most that it reads"


def _tied(purchase: Purchase, best: Purchase | None) -> bool:
    """Whether the best purchase is not surely faster than this one."""
    if best is None or best is purchase or not (best.estimate and purchase.estimate):
        return False
    compared = predict.ratio(best.estimate, purchase.estimate)
    return compared is not None and compared.low <= 1 <= compared.high


def _more(scaling: Sequence[Purchase]) -> str:
    """Say where more of the same stops helping, and what binds there."""
    rated = [
        (p, p.estimate.throughput.likely) for p in scaling if p.estimate and p.estimate.throughput
    ]
    for (few, slow), (many, fast) in pairwise(rated):
        if fast < _HELPS * slow:
            binds = [p.estimate.bound for p in (few, many) if p.estimate]
            # What feeds one card feeds no two, whatever the plan for two then waits for.
            bound = "input" if "input" in binds else binds[-1]
            count = few.items[0].count
            return f"Beyond {count} it stops helping: {bound} limits it."
    return "It helps up to eight, by what is known of the links." if len(rated) > 1 else ""
