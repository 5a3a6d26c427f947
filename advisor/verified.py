"""What `verify` reports: plans that were run, predicted beside measured."""

import msgspec

from advisor.estimate import Interval
from advisor.machine import Gap

VERIFY = "mlinfra/verify/1"


class VerifyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One plan that was run; each ``ratio`` is predicted over measured."""

    phase: str
    place: str
    dtype: str
    batch: int
    seconds: Interval
    measured_seconds: float
    ratio: float
    held: bool
    memory_bytes: Interval
    measured_memory_bytes: float
    memory_ratio: float
    passes: int
    replayed: bool
    calibration: float = 1.0


class Tried(msgspec.Struct, frozen=True, kw_only=True):
    """One setting that was run in search of the best; ``predicted`` is of eager, usual threads."""

    phase: str
    place: str
    dtype: str
    batch: int
    threads: int
    compiled: bool
    throughput: float
    predicted: float | None = None


class Regret(msgspec.Struct, frozen=True, kw_only=True):
    """What the recommended setting loses to the best that was tried, as a share of its speed.

    Both were run again in turn, in fresh processes; ``regret`` is the median of so many ``pairs``
    with the least and the most of them, and 0 where no other setting was faster.
    """

    phase: str
    recommended: Tried
    best: Tried
    regret: Interval
    pairs: int


class VerifyReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `verify`: predicted beside measured, and what could not be run."""

    schema: str = VERIFY
    tool: str
    profile: str
    taken: str
    workload: str
    title: str
    lines: tuple[VerifyLine, ...]
    gaps: tuple[Gap, ...]
    tried: tuple[Tried, ...] = ()
    regrets: tuple[Regret, ...] = ()
