"""What a plan costs to run: the energy that its devices draw, or what is paid for their hours."""

from typing import NamedTuple

import msgspec

from advisor.estimate import Cost, Estimate, Interval
from advisor.predict.compare import ratio
from advisor.predict.width import interval, joined, spread_of
from advisor.purchase import Price, Tariff

# Shares of its power limit that a busy device draws: least, likely, most. Set, not fitted: no power
# was measured here.
_DRAWN = (0.5, 0.75, 1.0)
_JOULES_A_KWH = 3.6e6
# Answers are counted by the thousand; where these cost next to nothing, by the million.
_MANY = (1e3, 1e6)
_NOTHING = 1e-3


class Running(NamedTuple):
    """What is known of running a place: the power limit of its devices (W), their rent an hour."""

    watts: float | None = None
    hourly: Price | None = None


def costed(found: Estimate, tariff: Tariff, running: Running) -> Estimate:
    """Add what a plan costs by a tariff; where that cannot be told, why, and what would tell it.

    Rent has the power in it: who lets a machine pays for its electricity.
    """
    cost, why = None, found.unpredicted or "no speed is known of it"
    if found.throughput is not None:
        rate, rests = _rate(found, tariff, running)
        cost, why = (_cost(found, rate, rests), "") if rate else (None, rests)
    untold = {**found.service.untold, **({} if cost else {"cost": why})}
    service = msgspec.structs.replace(found.service, cost=cost, untold=untold)
    return msgspec.structs.replace(found, service=service)


def _rate(found: Estimate, tariff: Tariff, running: Running) -> tuple[Interval | None, str]:
    """Return money a second and what it rests on; else why there is none."""
    if running.hourly is not None:
        rent, count = running.hourly, len(found.plan.devices)
        each = rent.amount * count / 3600.0
        many = f"{count} times " if count > 1 else ""
        rests = f"rented for {many}{rent.amount:g} {rent.currency} an hour ({rent.source})"
        return Interval(each, each, each, tariff.currency), rests
    if tariff.kwh is None:
        return None, "no price is stated (--kwh-price 0.30EUR, or --prices FILE)"
    if running.watts is None:
        return None, f"no power limit of {found.plan.place} is known, nor a rent (--prices FILE)"
    each = tariff.kwh.amount * running.watts / _JOULES_A_KWH
    price = f"{tariff.kwh.amount:g} {tariff.currency} a kWh ({tariff.kwh.source})"
    rests = f"half to all of {running.watts:g} W, without the rest of the machine, at {price}"
    low, likely, high = (each * share for share in _DRAWN)
    return Interval(low, likely, high, tariff.currency), rests


def _cost(found: Estimate, rate: Interval, rests: str) -> Cost:
    """Multiply by the seconds of the job, or of a thousand answers where there is none."""
    assert found.throughput is not None  # noqa: S101 - the caller has looked
    job, speed = found.job_seconds, found.throughput
    one = rate.likely / speed.likely
    many = _MANY[one * _MANY[0] < _NOTHING]
    spread = joined(spread_of(speed), spread_of(rate))
    return Cost(
        amount=interval(job.likely * rate.likely if job else many * one, spread, rate.unit),
        of="the job" if job else f"{many:,.0f} {speed.unit.removesuffix('/s')}",
        rests=rests,
        rate=rate,
    )


def device_seconds(found: Estimate) -> float:
    """Return for how long devices are taken by one sample or token."""
    assert found.throughput is not None  # noqa: S101 - asked of what was predicted
    return len(found.plan.devices) / found.throughput.likely


def cheaper(a: Estimate, b: Estimate) -> Interval | None:
    """Return how many times less ``a`` costs than ``b``; where neither is known, of devices' time.

    None where only one is known, or one is unpredicted.
    """
    if a.throughput is None or b.throughput is None:
        return None
    if (a.service.cost is None) != (b.service.cost is None):
        return None
    return ratio(_for_money(a), _for_money(b))


def _for_money(found: Estimate) -> Estimate:
    """Return the estimate with what it does for a unit of money in place of a second."""
    assert found.throughput is not None  # noqa: S101 - the caller has looked
    cost = found.service.cost
    doubt = spread_of(cost.rate) if cost else 0.0
    likely = 1.0 / device_seconds(found)
    if cost:
        likely = found.throughput.likely / cost.rate.likely
    spread = joined(spread_of(found.throughput), doubt)
    return msgspec.structs.replace(
        found,
        throughput=interval(likely, spread, "1"),
        shared_spread=joined(found.shared_spread, doubt),
    )
