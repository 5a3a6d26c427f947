"""A timed number: what was timed, on what, how steadily, and under which conditions."""

import math
from enum import StrEnum

import msgspec

from advisor.conditions import SHAPE

# The figures that stand for their kind; all others are points of a surface or a ladder.
HEADLINES = (
    "matmul.peak",
    "memory.copy",
    "memory.triad",
    "host_link.h2d",
    "host_link.d2h",
    "launch.latency",
    "disk.read",
    "peer.allreduce",
)

# The condition that tells which half width, as a share, is for moves of the host that runs it.
MOVES = "host_moves"


class Quality(StrEnum):
    """How far a measurement may be trusted; ``invalid`` counts as unknown in rules."""

    VALID = "valid"
    SUSPECT = "suspect"
    INVALID = "invalid"


class Measurement(msgspec.Struct, frozen=True, kw_only=True):
    """A rate or a time in base units (FLOP/s, bytes/s, s).

    ``low`` and ``high`` are meant to hold, at 95 %, the result of another run. ``hardware`` is the
    UUID or PCI address by which a stored number finds its device again; ``cause`` says in words
    why the quality is not ``valid``.
    """

    name: str
    device: str
    value: float
    low: float
    high: float
    unit: str
    rounds: int
    dtype: str | None = None
    quality: Quality = Quality.VALID
    cause: str | None = None
    hardware: str | None = None
    taken: str | None = None
    conditions: dict[str, str | int | float | bool | None] = msgspec.field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what no clock can give, so that a profile from elsewhere cannot bring it."""
        if not (0 <= self.low <= self.value <= self.high < math.inf and self.value > 0):
            raise ValueError(
                f"{self.name} on {self.device}: {self.low} – {self.value} – {self.high} is no"
                " positive figure within its interval"
            )


# The conditions that make a measurement another quantity; all others say how it was taken.
_SIZES = ("m", "n", "k", "bytes", "shape", "direction", "pinned", "phase", "layout", "op", "kernel",
          "backward", "reads", "writes", "weights",
          "workload", "compile", "tried_threads")  # fmt: skip


def same(measurement: Measurement) -> tuple[str, ...]:
    """Return what makes two measurements the same quantity: name, device, dtype, sizes.

    The best over all sizes is one quantity, whichever size it was reached at.
    """
    best = measurement.name.endswith(".peak")
    sizes = () if best else (*_SIZES, *sorted(SHAPE - set(_SIZES)))
    chosen = (f"{s}={measurement.conditions[s]}" for s in sizes if s in measurement.conditions)
    return (measurement.name, measurement.device, measurement.dtype or "", *chosen)
