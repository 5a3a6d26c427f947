"""What plans are ranked by: how much they do, or how soon one answer is there."""

import math
from collections.abc import Iterable

import msgspec

from advisor.constraint import Goal
from advisor.estimate import Estimate, Interval
from advisor.predict.compare import ratio
from advisor.predict.width import inverse

# What is waited for; a training run has no latency but its own length.
_WAITED_FOR = {"inference", "prefill", "decode"}


def ranked(found: Iterable[Estimate], goal: Goal) -> tuple[Estimate, ...]:
    """Order the plans of each phase by the goal, best first.

    What does not fit in memory comes after all that does, what could not be predicted last.
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


def _rank(found: Estimate, goal: Goal) -> tuple[bool, bool, float]:
    if found.throughput is None:
        return (True, True, 0.0)
    if goal == "latency" and found.plan.phase in _WAITED_FOR:
        latency = found.service.latency
        return (False, not found.fits, latency.likely if latency else math.inf)
    return (False, not found.fits, -found.throughput.likely)


def better(a: Estimate, b: Estimate) -> Interval | None:
    """Return how many times sooner ``a`` answers than ``b``; of training, how much faster it is."""
    return ratio(_waited(a), _waited(b))


def _waited(estimate: Estimate) -> Estimate:
    latency = estimate.service.latency
    if estimate.plan.phase not in _WAITED_FOR or latency is None:
        return estimate
    return msgspec.structs.replace(estimate, throughput=inverse(latency, 1.0, "answers/s"))
