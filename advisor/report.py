"""What a renderer may print: numbered types of its own, so that the inner ones may change."""

from typing import Any

import msgspec

from advisor.advice import Verdict
from advisor.estimate import Basis, Interval
from advisor.machine import Machine
from advisor.measurement import Measurement

RECOMMEND = "mlinfra/recommend/1"
CHECK = "mlinfra/check/1"
ERROR = "mlinfra/error/1"


class PlanLine(msgspec.Struct, frozen=True, kw_only=True):
    """One plan with all its numbers; ``memory_idle`` is what an idle machine would leave to it."""

    place: str
    dtype: str
    batch: int
    throughput: Interval | None
    seconds: Interval | None
    memory_bytes: Interval | None
    memory_available: float | None
    memory_idle: float | None
    memory_parts: dict[str, float]
    bound: str | None
    job: str | None
    job_seconds: Interval | None
    basis: tuple[Basis, ...]
    unpredicted: str | None = None


class RejectedLine(msgspec.Struct, frozen=True):
    """A plan that a rule removed."""

    plan: PlanLine
    rule: str
    because: str


class OpenLine(msgspec.Struct, frozen=True):
    """A rule that could not be decided, and what would settle it."""

    rule: str
    subject: str
    title: str
    settles: tuple[str, ...]


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The decision for one phase; ``faster`` is the speed of chosen over runner-up."""

    chosen: PlanLine | None
    runner_up: PlanLine | None
    faster: Interval | None
    tied: bool
    settles: str | None
    why_none: str | None
    rejected: tuple[RejectedLine, ...]
    preferred: tuple[str, ...]
    doubts: tuple[OpenLine, ...]


class FindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule that fired has to say."""

    rule: str
    subject: str
    severity: str
    title: str
    advice: str
    because: str


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `recommend`, with the machine and the measurements it rests on."""

    schema: str = RECOMMEND
    tool: str
    profile: str
    taken: str
    machine: Machine
    measurements: tuple[Measurement, ...]
    workload: str
    title: str
    plans: dict[str, Answer]
    fixes: tuple[FindingLine, ...]
    findings: tuple[FindingLine, ...]
    open: tuple[OpenLine, ...]
    verdicts: tuple[Verdict, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one rule of a policy for one subject."""

    rule: str
    subject: str
    outcome: str
    severity: str
    title: str
    message: str
    values: dict[str, Any]
    settles: tuple[str, ...]
    file: str
    line: int | None


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `check`; ``exit`` is the code that the process returns."""

    schema: str = CHECK
    tool: str
    profile: str
    taken: str
    policy: str
    outcomes: tuple[Outcome, ...]
    counts: dict[str, int]
    exit: int


class ErrorReport(msgspec.Struct, frozen=True, kw_only=True):
    """An error as scripts read it."""

    schema: str = ERROR
    attempted: str
    wrong: str
    where: dict[str, Any] | None
    remedy: str
    exit: int
