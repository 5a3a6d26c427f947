"""Decides a phase: the best-ranked plan that no rule forbids, in the order that rules prefer."""

import math
from collections.abc import Callable, Sequence

import msgspec

from advisor.advice import Decision, Rejected, Truth, Verdict
from advisor.estimate import Estimate, Interval
from advisor.rule import Effect

Ratio = Callable[[Estimate, Estimate], Interval | None]


class _Plan(msgspec.Struct, frozen=True):
    """An estimate with what the rules say of it."""

    estimate: Estimate
    rank: int
    forbidden: tuple[Verdict, ...]
    doubts: tuple[Verdict, ...]
    preferring: dict[str, float]  # rule -> worth


def decide(
    phase: str, estimates: Sequence[Estimate], verdicts: Sequence[Verdict], ratio: Ratio
) -> Decision:
    """Choose among estimates of one phase, which come ranked best first.

    Places beyond the machine are chosen only where nothing runs on it: they are not at hand.

    ``ratio`` gives the interval of how much faster the first of two estimates is.
    """
    plans = _plans(estimates, verdicts)
    rejected = tuple(_rejected(plan) for plan in plans if plan.forbidden)
    standing = [plan for plan in plans if not plan.forbidden]
    runnable = [plan for plan in standing if plan.estimate.throughput is not None]
    if not runnable:
        return _none(phase, plans, standing, rejected)
    here = [plan for plan in runnable if plan.estimate.plan.tier == "here"] or runnable
    chosen, reasons = _choose(here, ratio)
    runner_up = _next(chosen, here)
    compared = ratio(chosen.estimate, runner_up.estimate) if runner_up else None
    tied = compared is not None and compared.low <= 1 <= compared.high
    return Decision(
        phase=phase,
        chosen=chosen.estimate,
        runner_up=runner_up.estimate if runner_up else None,
        rejected=rejected,
        preferred=reasons,
        doubts=chosen.doubts,
        ratio=(compared.low, compared.likely, compared.high) if compared else None,
        tied=tied,
        settles=_settles([chosen, runner_up] if runner_up else []) if tied else None,
        places=_places(chosen, runnable),
    )


def _plans(estimates: Sequence[Estimate], verdicts: Sequence[Verdict]) -> list[_Plan]:
    said: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        said.setdefault(verdict.subject, []).append(verdict)
    return [_plan(e, rank, said.get(e.plan.id, [])) for rank, e in enumerate(estimates)]


def _plan(estimate: Estimate, rank: int, verdicts: Sequence[Verdict]) -> _Plan:
    forbids = [v for v in verdicts if v.effect is Effect.FORBID]
    prefers = [v for v in verdicts if v.effect is Effect.PREFER and v.truth is Truth.FIRES]
    return _Plan(
        estimate,
        rank,
        tuple(v for v in forbids if v.truth is Truth.FIRES),
        tuple(v for v in forbids if v.truth is Truth.UNKNOWN),
        {v.rule: v.worth for v in prefers},
    )


def _rejected(plan: _Plan) -> Rejected:
    first = plan.forbidden[0]
    return Rejected(plan.estimate, first.rule, first.because or first.title, first.told)


def _choose(plans: Sequence[_Plan], ratio: Ratio) -> tuple[_Plan, tuple[str, ...]]:
    """Return the winner and the rules that put it before another that is not surely slower."""
    leader = plans[0]
    near = [leader, *(plan for plan in plans[1:] if _within_reach(leader, plan, ratio))]
    chosen = min(near, key=lambda plan: (len(plan.doubts), -len(plan.preferring), plan.rank))
    beaten = [plan for plan in near if plan is not chosen]
    reasons = [
        rule for rule in chosen.preferring if any(rule not in plan.preferring for plan in beaten)
    ]
    return chosen, tuple(reasons)


def _within_reach(leader: _Plan, plan: _Plan, ratio: Ratio) -> bool:
    """Whether the leader's gain may be less than what the rules for the other plan ask of it."""
    asked = [worth for rule, worth in plan.preferring.items() if rule not in leader.preferring]
    gain = ratio(leader.estimate, plan.estimate)
    return gain is None or gain.low <= 1 + max(asked, default=0.0)


def _next(chosen: _Plan, plans: Sequence[_Plan]) -> _Plan | None:
    """Return the best plan at another place, else in another precision, else the best other one."""
    mine = chosen.estimate.plan
    others = [plan for plan in plans if plan is not chosen]
    elsewhere = [plan for plan in others if plan.estimate.plan.place != mine.place]
    otherwise = [plan for plan in others if plan.estimate.plan.dtype != mine.dtype]
    return next(iter(elsewhere or otherwise or others), None)


def _places(chosen: _Plan, plans: Sequence[_Plan]) -> tuple[Estimate, ...]:
    """Return the best plan of each place, the chosen one for its own."""
    best = {(chosen.estimate.plan.place, chosen.estimate.plan.device): chosen.estimate}
    for plan in plans:
        best.setdefault((plan.estimate.plan.place, plan.estimate.plan.device), plan.estimate)
    return tuple(best.values())


def _settles(plans: Sequence[_Plan]) -> str | None:
    return next((p.estimate.settles for p in plans if p.estimate.settles), None)


def _needs(rejected: Rejected) -> float:
    needed = rejected.estimate.memory_bytes
    return needed.likely if needed else math.inf


def _none(
    phase: str,
    plans: Sequence[_Plan],
    standing: Sequence[_Plan],
    rejected: tuple[Rejected, ...],
) -> Decision:
    """Say why no plan can be chosen."""
    if not plans:
        why = "there is no plan for this phase"
    elif not standing:
        least = min(rejected, key=_needs)
        why = f"{least.rule} rules out every plan: {least.because}"
    else:
        why = standing[0].estimate.unpredicted or "no plan that is left could be predicted"
    return Decision(
        phase=phase, chosen=None, rejected=rejected, settles=_settles(standing), why_none=why
    )
