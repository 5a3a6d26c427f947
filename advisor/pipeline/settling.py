"""The measurement that would decide between two plans that are tied: a command where one does."""

from collections.abc import Sequence

from advisor.estimate import Estimate, Plan, timed_here
from advisor.workload import Workload


def decider(workload: Workload, chosen: Estimate, others: Sequence[Estimate]) -> str:
    """Name what would decide between the chosen plan and those that are tied with it.

    What was not timed is timed first; else the plans themselves are run, here or by hand.
    """
    both = (chosen, *others)
    if any(e.plan.tier == "here" and not timed_here((e.base or e).basis) for e in both):
        return "mlinfra bench"
    if len({e.plan.place for e in both}) > 1 and any(e.plan.kind == "gpus" for e in both):
        return "mlinfra bench peer"
    if not all(_runs(workload, e.plan) for e in both):
        return "a minute of each"
    return " ".join(("mlinfra verify -w", workload.name, *_which(chosen.plan, others)))


def _runs(workload: Workload, plan: Plan) -> bool:
    """Whether `verify` can run a plan: a network of the house or the user's own, on one device."""
    ours = bool(workload.sources) or ":" in workload.name
    return ours and plan.kind in {"cpu", "gpu"} and not plan.checkpointed and not plan.weights


def _which(plan: Plan, others: Sequence[Estimate]) -> list[str]:
    """Write the flag of the one setting that differs, else the one that tries all of them."""
    if {e.plan.place for e in others} != {plan.place}:
        return []
    same = [e for e in others if (e.plan.dtype, e.plan.settings) == (plan.dtype, plan.settings)]
    return ["--batch", str(same[0].plan.batch)] if len(same) == len(others) else ["--exhaustive"]
