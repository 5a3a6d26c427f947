"""A figure beside its twin: the same work timed earlier in the run tells whether speed changed."""

from collections.abc import Sequence

import msgspec

from advisor.bench.modes import APART
from advisor.measurement import Measurement, Quality

_SHAPE = ("m", "n", "k")


def doubted(found: Measurement, before: Sequence[Measurement]) -> Measurement:
    """Return a headline figure, suspect where the same work ran at another speed before."""
    twin = next((one for one in before if _twins(found, one)), None)
    if twin is None or found.quality is not Quality.VALID or twin.quality is not Quality.VALID:
        return found
    apart = max(found.value, twin.value) / min(found.value, twin.value)
    if apart < APART:
        return found
    words = f"the same work ran at {twin.value / found.value:.2g} times this rate before"
    return msgspec.structs.replace(
        found,
        low=min(found.low, twin.low),
        high=max(found.high, twin.high),
        quality=Quality.SUSPECT,
        cause=f"{words}: the machine changed its speed during the run",
    )


def _twins(found: Measurement, one: Measurement) -> bool:
    if (found.device, found.dtype) != (one.device, one.dtype):
        return False
    mine, other = found.conditions, one.conditions
    if (found.name, one.name) == ("matmul.peak", "matmul"):
        return all(mine.get(axis) == other.get(axis) for axis in _SHAPE)
    same = (found.name, one.name) == ("memory.triad", "memory.triad.at")
    return same and mine.get("bytes") == other.get("bytes")
