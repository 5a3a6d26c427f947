"""What plans are ranked by: how much they do, how soon one answer is there, or what it costs."""

import math
from collections.abc import Iterable

import msgspec

from advisor.constraint import Goal
from advisor.estimate import Estimate, Interval
from advisor.predict.compare import ratio
from advisor.predict.cost import device_seconds
from advisor.predict.width import blunt, inverse

# What is waited for; a training run has no latency but its own length.
WAITED_FOR = {"inference", "prefill", "decode"}


def ranked(found: Iterable[Estimate], goal: Goal) -> tuple[Estimate, ...]:
    """Order the plans of each phase by the goal, best first.

    By cost those come first of which one is known; where none is, the time of devices counts. What
    does not fit in memory comes after all that does, what could not be predicted last.
    """
    listed = list(found)
    phases = dict.fromkeys(estimate.plan.phase for estimate in listed)
    return tuple(
        estimate
        for phase in phases
        for estimate in sorted(
            (e for e in listed if e.plan.phase == phase), key=lambda e: _rank(e, goal)
        )
    )


def _rank(found: Estimate, goal: Goal) -> tuple[bool, bool, float, float]:
    if found.throughput is None:
        return (True, True, 0.0, 0.0)
    if goal == "cost":
        return (False, not found.fits, *_dearness(found))
    if goal == "latency" and found.plan.phase in WAITED_FOR:
        latency = found.service.latency
        return (False, not found.fits, blunt(latency.likely) if latency else math.inf, 0.0)
    return (False, not found.fits, -blunt(found.throughput.likely), 0.0)


def _dearness(found: Estimate) -> tuple[float, float]:
    """Return the money, else nothing, and then the seconds of devices that one sample takes."""
    cost = found.service.cost
    assert found.throughput is not None  # noqa: S101 - the caller has looked
    return cost.rate.likely / found.throughput.likely if cost else math.inf, device_seconds(found)


def better(a: Estimate, b: Estimate) -> Interval | None:
    """Return how many times sooner ``a`` answers than ``b``; of training, how much faster it is."""
    return ratio(_waited(a), _waited(b))


def _waited(estimate: Estimate) -> Estimate:
    latency = estimate.service.latency
    if estimate.plan.phase not in WAITED_FOR or latency is None:
        return estimate
    return msgspec.structs.replace(estimate, throughput=inverse(latency, 1.0, "answers/s"))
