"""What the judge says: verdicts with their traces, findings, and the answer to each question."""

from enum import StrEnum
from typing import Literal

import msgspec

from advisor.errors import Where
from advisor.estimate import Estimate, Interval
from advisor.fact import Fact
from advisor.rule import Effect, Severity


class Truth(StrEnum):
    """What became of one rule for one subject."""

    FIRES = "fires"
    QUIET = "quiet"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


class Step(msgspec.Struct, frozen=True, gc=False):
    """One sub-condition as it was decided: ``answer`` is None where it is unknown.

    Blocks (``all``, ``any``, ``not``) stand before their parts, whose ``depth`` is one more.
    """

    text: str
    answer: bool | None
    facts: tuple[Fact, ...] = ()
    depth: int = 0
    part: Literal["applies", "when"] = "when"


class Verdict(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One rule on one subject: the answer, the steps to it, and what would settle an unknown.

    Texts are filled with values, and empty where the rule has nothing to say; ``told`` are the
    facts that they name, ``gain`` the repair whose gain is to be told. A rule ``fires`` if its
    condition holds, a `require` rule if it does not.
    """

    rule: str
    subject: str
    truth: Truth
    effect: Effect
    severity: Severity
    title: str
    advice: str = ""
    because: str = ""
    fix: bool = False
    worth: float = 0.0
    gain: str = ""
    steps: tuple[Step, ...] = ()
    settles: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    told: tuple[Fact, ...] = ()


class Trial(msgspec.Struct, frozen=True):
    """One example of a rule put to the test: what its author expects, and what the rule said."""

    rule: str
    number: int
    expect: str
    verdict: Verdict
    where: Where

    @property
    def passed(self) -> bool:
        """Whether the rule said what was expected."""
        return self.verdict.truth == self.expect


class Rejected(msgspec.Struct, frozen=True):
    """A plan that lost, the rule that removed it, and the facts that its reason names.

    ``fix`` says that a free fix would let it run.
    """

    estimate: Estimate
    rule: str
    because: str
    told: tuple[Fact, ...] = ()
    fix: bool = False


class Tie(msgspec.Struct, frozen=True, kw_only=True):
    """A plan in the place of the chosen one that is neither surely faster nor surely slower.

    ``by`` is what sets it apart: batch, settings or precision; ``faster`` is (low, likely, high) of
    the chosen plan over it.
    """

    estimate: Estimate
    by: str
    faster: tuple[float, float, float]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """The answer for one phase.

    ``doubts`` are rules that might forbid the chosen plan but could not be decided; ``preferred``
    names the rules that ordered plans whose speed ratio is not decided; ``ratio`` is (low, likely,
    high) of chosen over runner-up, ``tied`` where it contains 1, and ``settles`` then says what
    measurement would decide. ``places`` are the best plan of each place that no rule forbids, the
    chosen one first; ``ties`` are what else does as well in its place; ``unpredicted`` is one plan
    of each place where none could be predicted.
    ``mended`` is the best plan that only waits for a free fix, where it would surely be a tenth
    faster; ``one_more`` is what the chosen plan gains from one more of the GPU that it runs on.
    """

    phase: str
    chosen: Estimate | None
    runner_up: Estimate | None = None
    rejected: tuple[Rejected, ...] = ()
    preferred: tuple[str, ...] = ()
    doubts: tuple[Verdict, ...] = ()
    ratio: tuple[float, float, float] | None = None
    tied: bool = False
    settles: str | None = None
    why_none: str | None = None
    places: tuple[Estimate, ...] = ()
    ties: tuple[Tie, ...] = ()
    unpredicted: tuple[Estimate, ...] = ()
    mended: Rejected | None = None
    one_more: Interval | None = None


class Task(msgspec.Struct, frozen=True):
    """A workload that is to share the machine with others, and its best plan in each place.

    A choice is a plan at one place and at all that are like it, best choice first.
    """

    workload: str
    choices: tuple[tuple[Estimate, ...], ...]


class Assigned(msgspec.Struct, frozen=True, kw_only=True):
    """Where a workload runs beside others.

    ``beside`` are the workloads that it takes turns with, which makes it ``turns`` times longer;
    ``slower`` is how many times slower the plan is than the workload's best, turns not counted.
    """

    workload: str
    estimate: Estimate
    beside: tuple[str, ...]
    turns: float
    slower: float
    because: str
