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
