"""A figure beside its twin: the same work timed before tells whether speed has changed."""

from collections.abc import Sequence

import msgspec

from advisor.bench.modes import APART
from advisor.measurement import Measurement, Quality

_SHAPE = ("m", "n", "k")
# What two runs must have in common for their figures to be of the same work; the best product is
# sought anew in each.
_ALIKE = ("bytes", "method", "threads")


def doubted(found: Measurement, before: Sequence[Measurement]) -> Measurement:
    """Return a headline figure, suspect where the same work ran at another speed before."""
    twin = next((one for one in before if _twins(found, one)), None)
    if twin is None or found.quality is not Quality.VALID or twin.quality is not Quality.VALID:
        return found
    apart = max(found.value, twin.value) / min(found.value, twin.value)
    if apart < APART:
        return found
    words = f"the same work ran at {twin.value / found.value:.2g} times this rate before"
    return _suspect(found, twin, f"{words}: the machine changed its speed during the run")


def slower(found: Measurement, earlier: Sequence[Measurement]) -> Measurement:
    """Return a figure, suspect where an earlier run surely was faster: one of them was disturbed.

    ``earlier`` is of the same hardware and software; what was suspect then counts, for what
    disturbs makes nothing faster.
    """
    twins = [one for one in earlier if _again(found, one) and _surely_faster(one, found)]
    if not twins or found.quality is Quality.INVALID:
        return found
    best = max(twins, key=lambda one: _speed(one) / _speed(found))
    times = f"{_speed(best) / _speed(found):.3g} times this fast"
    when = f"the run of {best.taken}" if best.taken else "a run before"
    words = f"the same work ran {times} in {when}"
    return _suspect(found, best, "; ".join(filter(None, [found.cause, words])))


def _suspect(found: Measurement, twin: Measurement, cause: str) -> Measurement:
    """Widen a figure until it holds what its twin may be as well."""
    return msgspec.structs.replace(
        found,
        low=min(found.low, twin.low),
        high=max(found.high, twin.high),
        quality=Quality.SUSPECT,
        cause=cause,
    )


def _speed(one: Measurement) -> float:
    return 1.0 / one.value if one.unit == "s" else one.value


def _surely_faster(one: Measurement, other: Measurement) -> bool:
    return one.high < other.low if one.unit == "s" else one.low > other.high


def _again(found: Measurement, one: Measurement) -> bool:
    same = (found.name, found.device, found.dtype, found.unit)
    if same != (one.name, one.device, one.dtype, one.unit) or one.quality is Quality.INVALID:
        return False
    return all(found.conditions.get(name) == one.conditions.get(name) for name in _ALIKE)


def _twins(found: Measurement, one: Measurement) -> bool:
    if (found.device, found.dtype) != (one.device, one.dtype):
        return False
    mine, other = found.conditions, one.conditions
    if (found.name, one.name) == ("matmul.peak", "matmul"):
        return all(mine.get(axis) == other.get(axis) for axis in _SHAPE)
    same = (found.name, one.name) == ("memory.triad", "memory.triad.at")
    return same and mine.get("bytes") == other.get("bytes")
