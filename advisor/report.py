"""What a renderer may print: numbered types of its own, so that the inner ones may change."""

from typing import Any

import msgspec

from advisor.advice import Verdict
from advisor.estimate import Basis, Cost, Interval
from advisor.machine import Machine
from advisor.measurement import Measurement

RECOMMEND = "mlinfra/recommend/1"
CHECK = "mlinfra/check/1"
RULES = "mlinfra/rules/1"
RULE = "mlinfra/rule/1"
LINT = "mlinfra/lint/1"
TRIALS = "mlinfra/trials/1"
EXPLAIN = "mlinfra/explain/1"


class PlanLine(msgspec.Struct, frozen=True, kw_only=True):
    """One plan with all its numbers.

    ``seconds`` of one batch and ``memory_bytes`` are likely values, with their ranges beside them;
    ``id`` is what verdicts name it by, ``settings`` what is set besides precision and batch.
    """

    id: str = ""
    place: str
    dtype: str
    batch: int
    device: str = ""
    compiled: bool = False
    checkpointed: bool = False
    weights: str = ""
    settings: tuple[str, ...] = ()
    throughput: Interval | None
    seconds: float | None
    seconds_range: Interval | None
    memory_bytes: float | None
    memory_range: Interval | None
    memory_available: float | None
    memory_idle: float | None
    memory_parts: dict[str, float]
    bound: str | None
    job: str | None
    job_seconds: Interval | None
    basis: tuple[Basis, ...]
    unpredicted: str | None = None
    settles: str | None = None
    latency: Interval | None = None
    streams: Interval | None = None
    power_watts: float | None = None
    upload_seconds: float | None = None
    cost: Cost | None = None
    untold: dict[str, str] = {}


class RejectedLine(msgspec.Struct, frozen=True):
    """A plan that a rule removed, its reason's numbers, and whether a free fix lets it run."""

    plan: PlanLine
    rule: str
    because: str
    basis: tuple[Basis, ...] = ()
    fix: bool = False


class OpenLine(msgspec.Struct, frozen=True):
    """A rule that could not be decided, and what would settle it."""

    rule: str
    subject: str
    title: str
    settles: tuple[str, ...]
    severity: str = "warning"


class TieLine(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in the chosen one's place that does as well, told apart ``by`` one thing.

    ``faster`` is the chosen plan over it, and contains 1.
    """

    id: str
    by: str
    precision: str
    batch: int
    settings: tuple[str, ...]
    faster: Interval


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """The decision for one phase; ``faster`` is chosen over runner-up, ``places`` their best.

    ``ties`` do as well in the chosen place, and ``ties_settle`` says what would decide.
    Of ``unpredicted`` nothing is known; ``mended`` is the best plan that waits for a free fix,
    ``one_more`` how many times faster one more GPU of its kind would make the chosen one.
    """

    chosen: PlanLine | None
    runner_up: PlanLine | None
    faster: Interval | None
    tied: bool
    settles: str | None
    why_none: str | None
    rejected: tuple[RejectedLine, ...]
    preferred: tuple[str, ...]
    doubts: tuple[OpenLine, ...]
    places: tuple[PlanLine, ...] = ()
    ties: tuple[TieLine, ...] = ()
    ties_settle: str = ""
    unpredicted: tuple[PlanLine, ...] = ()
    mended: RejectedLine | None = None
    one_more: Interval | None = None


class FindingLine(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule that fired has to say; ``basis`` has the numbers that its texts name.

    ``gains`` are what mending it would gain the chosen plans, by phase; None is not known.
    """

    rule: str
    subject: str
    severity: str
    title: str
    advice: str
    because: str
    basis: tuple[Basis, ...] = ()
    gains: dict[str, Interval | None] = {}


class DisturbedLine(msgspec.Struct, frozen=True):
    """So many of a device's figures were taken while something else went on; what mostly was."""

    device: str
    figures: int
    of: int
    cause: str


class Recommendation(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `recommend`, with the machine and the measurements it rests on.

    ``asked`` is what was stated of plans, ``idle`` the flags that say nothing of the workload, and
    ``notes`` what was assumed in reading it.
    ``verdicts`` are what fires or is unknown; of rules that only advise, on the plans that are laid
    out one by one. Where all was to be explained, they are of all rules on all plans.
    """

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
    pretended: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    idle: tuple[str, ...] = ()
    disturbed: tuple[DisturbedLine, ...] = ()
    notes: tuple[str, ...] = ()


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one rule of a policy for one subject.

    ``standing`` is what it does to the exit code: pass, fail, open, minor or excused. ``ranges``
    are of values that have a width; ``waiver`` tells who excused it until when.
    """

    policy: str
    rule: str
    subject: str
    outcome: str
    standing: str
    severity: str
    title: str
    message: str
    values: dict[str, Any]
    units: dict[str, str]
    ranges: dict[str, tuple[float, float]] = {}
    settles: tuple[str, ...]
    waiver: str = ""
    file: str
    line: int | None


class CheckReport(msgspec.Struct, frozen=True, kw_only=True):
    """The whole answer of `check`; ``exit`` is the code that the process returns."""

    schema: str = CHECK
    tool: str
    profile: str
    taken: str
    policies: tuple[str, ...]
    fail_on: str
    unknown_as: str
    outcomes: tuple[Outcome, ...]
    counts: dict[str, int]
    exit: int


class RuleLine(msgspec.Struct, frozen=True, kw_only=True):
    """A rule in a list; ``replaces`` is where the one of the same id stands that it displaced."""

    id: str
    title: str
    subject: str
    effect: str
    severity: str
    file: str
    line: int | None
    replaces: str | None = None


class RuleList(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `rules list`."""

    schema: str = RULES
    tool: str
    rules: tuple[RuleLine, ...]


class RuleSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `rules show`: the rule as its author wrote it."""

    schema: str = RULE
    tool: str
    rule: RuleLine
    text: str


class RemarkLine(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that lint has to say; ``excerpt`` is the line at fault with a caret under it."""

    rule: str | None
    severity: str
    wrong: str
    remedy: str
    file: str
    line: int | None
    column: int | None
    excerpt: str = ""


class LintReport(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `rules lint`."""

    schema: str = LINT
    tool: str
    files: int
    remarks: tuple[RemarkLine, ...]
    exit: int


class TrialLine(msgspec.Struct, frozen=True, kw_only=True):
    """One example of a rule: what its author expects, what the rule says, and how it came to it."""

    rule: str
    number: int
    expect: str
    truth: str
    passed: bool
    file: str
    line: int | None
    verdict: Verdict


class TrialReport(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `rules test`."""

    schema: str = TRIALS
    tool: str
    trials: tuple[TrialLine, ...]
    exit: int


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `rules explain`: one rule on everything here that it speaks of."""

    schema: str = EXPLAIN
    tool: str
    profile: str
    taken: str
    rule: RuleLine
    verdicts: tuple[Verdict, ...]
