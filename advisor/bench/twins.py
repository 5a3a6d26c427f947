"""A figure beside its twin: the same work timed before tells whether speed has changed."""

from collections.abc import Mapping, Sequence

import msgspec

from advisor.bench.modes import APART
from advisor.bench.task import Condition, Task
from advisor.measurement import Measurement, Quality

_SHAPE = ("m", "n", "k")
# What two runs must have in common for their figures to be of the same work; the best product is
# sought anew in each.
_ALIKE = ("bytes", "method", "threads")
# So many runs back a faster one casts doubt on a slow one; after that the slow ones are the rule.
_RUNS = 5
# The condition of what is suspect for nothing but an earlier run.
SLOWER = "slower_than"


def same_work(
    found: Task | Measurement, conditions: Mapping[str, Condition], one: Measurement
) -> bool:
    """Whether a figure under these conditions is of the same work as one of another run."""
    same = (found.name, found.device, found.dtype, found.unit)
    if same != (one.name, one.device, one.dtype, one.unit):
        return False
    return all(conditions.get(name) == one.conditions.get(name) for name in _ALIKE)


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

    ``earlier`` is of the same hardware and software, the latest first; what was suspect then
    counts, for what disturbs makes nothing faster. A figure that was valid but for that is marked
    by the condition ``slower_than``: it tells how much runs differ.
    """
    again = [one for one in earlier if same_work(found, found.conditions, one)][:_RUNS]
    told = [one for one in again if one.quality is not Quality.INVALID]
    twins = [one for one in told if _surely_faster(one, found)]
    if not twins or found.quality is Quality.INVALID:
        return found
    best = max(twins, key=lambda one: _speed(one) / _speed(found))
    times = f"{_speed(best) / _speed(found):.3g} times this fast"
    when = f"the run of {best.taken}" if best.taken else "a run before"
    words = f"the same work ran {times} in {when}"
    suspect = _suspect(found, best, "; ".join(filter(None, [found.cause, words])))
    if found.quality is Quality.SUSPECT:
        return suspect
    return msgspec.structs.replace(suspect, conditions={**found.conditions, SLOWER: when})


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


def _twins(found: Measurement, one: Measurement) -> bool:
    """Whether one is the same product that is the best now; what is lasting has seen all speeds."""
    if (found.name, one.name) != ("matmul.peak", "matmul"):
        return False
    if (found.device, found.dtype) != (one.device, one.dtype):
        return False
    return all(found.conditions.get(axis) == one.conditions.get(axis) for axis in _SHAPE)
