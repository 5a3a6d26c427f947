"""Comparing two estimates: what they may both be wrong by does not count."""

import math

from advisor.estimate import Estimate, Interval
from advisor.predict.width import blunt, interval, joined, spread_of

# A batch this many times (log2) as large shares 1/e of a network's own error; see `calibrate`.
BATCHES = 6.0


def ratio(a: Estimate, b: Estimate) -> Interval | None:
    """Return how many times faster ``a`` is than ``b``, with errors that both share cancelled.

    None where either is unpredicted. Where only figures of a catalogue speak for one place, plans
    share nine tenths of all variance: its clock, power and memory are the same in every plan. Else
    they share what `_common` says. What was derived from another estimate has the whole error of
    that one in it.
    """
    if a.throughput is None or b.throughput is None:
        return None
    likely = blunt(a.throughput.likely / b.throughput.likely)
    if a == b:
        return Interval(1.0, 1.0, 1.0, "x")
    total = joined(spread_of(a.throughput), spread_of(b.throughput))
    if a.plan.place == b.plan.place and _published(a) and _published(b):
        apart = _settings_apart(a, b)
        plain = max(total * total - a.settings_spread**2 - b.settings_spread**2, 0.0)
        return interval(likely, math.sqrt(0.1 * plain + apart), "x")
    left = total * total - 2 * _derived(a, b)
    return interval(likely, math.sqrt(max(left, 0.0)), "x")


def _derived(a: Estimate, b: Estimate) -> float:
    """Return the variance in common of two estimates, through what either was derived from."""
    if a.base is None and b.base is None:
        return _common(a, b)
    one, other = a.base or a, b.base or b
    # What a setting gains is doubtful alike of both, whether it came before or after.
    settings = 0.0 if one.plan.settings and other.plan.settings else _settings_common(a, b)
    if one is other and one.throughput:
        return spread_of(one.throughput) ** 2 + settings
    return _common(one, other) + settings


def _common(a: Estimate, b: Estimate) -> float:
    """Return the variance of ln(seconds) that two estimates have in common.

    Two plans for one place in one precision share all that is the device's, in two precisions,
    whose surfaces are two, half of it. In one precision they also share what is the network's own,
    and what is doubtful of a setting that both have, the more the nearer their batches are.
    """
    if a.plan.place != b.plan.place or a.plan.phase != b.plan.phase:
        return 0.0
    both = min(a.shared_spread, b.shared_spread) ** 2
    if a.plan.dtype != b.plan.dtype:
        return both / 2
    own = _alike(a, b) * _own(a) * _own(b)
    return both + own + _settings_common(a, b)


def _alike(a: Estimate, b: Estimate) -> float:
    return math.exp(-abs(math.log2(a.plan.batch / b.plan.batch)) / BATCHES)


def _own(found: Estimate) -> float:
    """Return the deviation that is neither the device's nor a setting's."""
    total = spread_of(found.throughput) if found.throughput else 0.0
    own = total * total - found.shared_spread**2 - found.settings_spread**2
    return math.sqrt(max(own, 0.0))


def _settings_common(a: Estimate, b: Estimate) -> float:
    if not a.plan.settings or not b.plan.settings:
        return 0.0
    if a.plan.settings == b.plan.settings:
        return _alike(a, b) * a.settings_spread * b.settings_spread
    return float(min(a.settings_spread, b.settings_spread) ** 2)


def _settings_apart(a: Estimate, b: Estimate) -> float:
    """Return the variance of their settings that two estimates do not have in common."""
    both = a.settings_spread**2 + b.settings_spread**2
    return float(max(both - 2 * _settings_common(a, b), 0.0))


def _published(found: Estimate) -> bool:
    """Whether an estimate rests on nothing that was measured."""
    return bool(found.basis) and all(basis.origin != "measured" for basis in found.basis)
