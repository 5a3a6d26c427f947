"""What a renderer may print of several workloads that share a machine."""

import msgspec

from advisor.report import PlanLine, Recommendation

ASSIGNMENT = "mlinfra/assignment/1"


class AssignedLine(msgspec.Struct, frozen=True, kw_only=True):
    """Where a workload runs beside others; ``share`` is its part of the place's time."""

    workload: str
    plan: PlanLine
    beside: tuple[str, ...]
    share: float
    slower: float
    because: str


class Assignment(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `recommend` for several workloads that share a machine, by kind of phase."""

    schema: str = ASSIGNMENT
    tool: str
    profile: str
    taken: str
    assigned: dict[str, tuple[AssignedLine, ...]]
    unplaced: dict[str, tuple[str, ...]]
    answers: tuple[Recommendation, ...]
