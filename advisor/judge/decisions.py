"""Decides a phase: the best-ranked plan that no rule forbids, in the order that rules prefer."""

import math
from collections.abc import Callable, Sequence

import msgspec

from advisor.advice import Decision, Rejected, Truth, Verdict
from advisor.estimate import FLAT, Estimate, Interval
from advisor.judge.ties import ties
from advisor.rule import Effect

Ratio = Callable[[Estimate, Estimate], Interval | None]


class _Plan(msgspec.Struct, frozen=True):
    """An estimate with what the rules say of it."""

    estimate: Estimate
    rank: int
    forbidden: tuple[Verdict, ...]
    doubts: tuple[Verdict, ...]
    preferring: dict[str, float]  # rule -> worth


def decide_all(
    phases: Sequence[str],
    estimates: Sequence[Estimate],
    verdicts: Sequence[Verdict],
    ratio: Ratio,
) -> dict[str, Decision]:
    """Decide each phase; prompts are read with the weights that answers are written with."""
    made: dict[str, Decision] = {}
    for phase in sorted(phases, key=lambda name: name == "prefill"):
        mine = [e for e in estimates if e.plan.phase == phase]
        wrote = made["decode"].chosen if phase == "prefill" and "decode" in made else None
        same = [e for e in mine if wrote and _shares(e, wrote)]
        made[phase] = decide(phase, same or mine, verdicts, ratio)
    return {phase: made[phase] for phase in phases}


def _shares(found: Estimate, wrote: Estimate) -> bool:
    """Whether a plan elsewhere, or of the same weights at the same place."""
    mine, other = found.plan, wrote.plan
    return (mine.place, mine.device) != (other.place, other.device) or mine.weights == other.weights


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
    here = next(filter(None, (_at(tiers, runnable) for tiers in _NEAREST)), runnable)
    chosen, reasons = _choose(here, ratio)
    places = _places(chosen, runnable, ratio)
    runner_up = _next(chosen, places, here, ratio)
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
        places=tuple(plan.estimate for plan in places),
        ties=ties(chosen.estimate, _as_sound(chosen, runner_up, here), ratio),
        unpredicted=_unpredicted(plans),
        mended=_mended(chosen.estimate, rejected, ratio),
    )


def _as_sound(chosen: _Plan, runner_up: _Plan | None, plans: Sequence[_Plan]) -> list[Estimate]:
    """Return what fits and is no more doubtful than the chosen plan, but for its runner-up."""
    return [
        plan.estimate
        for plan in plans
        if plan is not chosen
        and plan is not runner_up
        and plan.estimate.fits
        and len(plan.doubts) <= len(chosen.doubts)
    ]


# What is there comes first, then what is bought or rented by itself; phones, browsers, vehicles and
# boards are somebody's already.
_NEAREST = ({"here"}, {"server", "cloud", "edge", "asic"})


def _at(tiers: set[str], plans: Sequence[_Plan]) -> list[_Plan]:
    return [plan for plan in plans if plan.estimate.plan.tier in tiers]


# What a fix must surely bring to be told of at once: a tenth, as rules ask of precisions.
_WORTH = 1.1


def _mended(chosen: Estimate | None, rejected: Sequence[Rejected], ratio: Ratio) -> Rejected | None:
    """Return the best plan that would run and fit after a free fix, if it is surely worth it."""
    waiting = (r for r in rejected if r.fix and r.estimate.throughput and r.estimate.fits)
    best = next(waiting, None)
    if best is None or chosen is None:
        return best
    gain = ratio(best.estimate, chosen)
    return best if gain is not None and gain.low > _WORTH else None


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
    free = all(verdict.fix for verdict in plan.forbidden)
    return Rejected(plan.estimate, first.rule, first.because or first.title, first.told, free)


def _choose(plans: Sequence[_Plan], ratio: Ratio) -> tuple[_Plan, tuple[str, ...]]:
    """Return the winner and the rules that put it before another that is not surely slower."""
    leader = plans[0]
    fitting = [plan for plan in plans[1:] if plan.estimate.fits or not leader.estimate.fits]
    near = [leader, *(plan for plan in fitting if _within_reach(leader, plan, ratio))]
    able = [plan for plan in near if not _outdone(plan, near, ratio)]
    best = min(able, key=lambda plan: (len(plan.doubts), -len(plan.preferring), plan.rank))
    chosen = _smallest(best, able, ratio)
    beaten = [plan for plan in near if plan is not chosen]
    reasons = [
        rule for rule in chosen.preferring if any(rule not in plan.preferring for plan in beaten)
    ]
    return chosen, tuple(reasons)


# What likely gains more than this is not given up because its interval is wide: nine of ten
# predictions from timed operators are off by less (README).
_MUCH = 1.4


def _within_reach(leader: _Plan, plan: _Plan, ratio: Ratio) -> bool:
    """Whether the leader likely gains less than the rules for the other ask, or not surely much."""
    asked = [worth for rule, worth in plan.preferring.items() if rule not in leader.preferring]
    gain = ratio(leader.estimate, plan.estimate)
    if gain is None or gain.likely <= 1 + max(asked, default=0.0):
        return True
    return gain.low <= 1 and gain.likely <= _MUCH


def _outdone(plan: _Plan, near: Sequence[_Plan], ratio: Ratio) -> bool:
    """Whether another of those near, such as itself compiled, gains all that is asked."""
    return any(other.rank < plan.rank and not _within_reach(other, plan, ratio) for other in near)


# A plan counts as timed when the operators that were take this share of its time.
_TIMED = 0.5


def _smallest(best: _Plan, plans: Sequence[_Plan], ratio: Ratio) -> _Plan:
    """Return the smallest batch that is as good: tied with the best, and likely nearly as fast.

    Of those that are tied, the ones whose operators were timed stand against each other alone: what
    was chosen and timed stays chosen until something is surely better.
    """
    mine = best.estimate.plan
    tied = [best]
    for plan in plans:
        own = plan.estimate.plan
        alike = plan is not best and msgspec.structs.replace(own, batch=mine.batch) == mine
        no_worse = len(plan.doubts) <= len(best.doubts)
        no_worse = no_worse and plan.preferring.keys() >= best.preferring.keys()
        if alike and no_worse and _tied(best, plan, ratio):
            tied.append(plan)
    known = [plan for plan in tied if plan.estimate.replayed >= _TIMED] or tied
    first = min(known, key=lambda plan: plan.rank)
    flat = [plan for plan in known if plan is first or _nearly(first, plan, ratio)]
    return min(flat, key=lambda plan: plan.estimate.plan.batch)


def _tied(best: _Plan, plan: _Plan, ratio: Ratio) -> bool:
    gain = ratio(best.estimate, plan.estimate)
    return gain is not None and gain.low <= 1


def _nearly(first: _Plan, plan: _Plan, ratio: Ratio) -> bool:
    gain = ratio(first.estimate, plan.estimate)
    return gain is not None and gain.likely <= FLAT


def _next(
    chosen: _Plan, places: Sequence[_Plan], plans: Sequence[_Plan], ratio: Ratio
) -> _Plan | None:
    """Return what to do instead: what surely runs there, where the chosen plan is in doubt.

    Else the best plan at another place here, in another precision, or set otherwise.
    """
    mine = chosen.estimate.plan
    ranks = {plan.rank for plan in plans}
    others = [plan for plan in plans if plan is not chosen]
    surer = [p for p in others if chosen.doubts and not p.doubts and _where(p) == _where(chosen)]
    elsewhere = [p for p in places if p is not chosen and p.rank in ranks]
    elsewhere = surer or [p for p in elsewhere if not _less_of_it(p, chosen, ratio)]
    precision = [plan for plan in others if plan.estimate.plan.precision != mine.precision]
    settings = [plan for plan in others if plan.estimate.plan.settings != mine.settings]
    return next(iter(elsewhere or precision or settings or others), None)


def _less_of_it(plan: _Plan, chosen: _Plan, ratio: Ratio) -> bool:
    """Whether it is surely slower on no other devices: some of the same, or these and the host."""
    if not plan.estimate.plan.devices <= chosen.estimate.plan.devices:
        return False
    gain = ratio(chosen.estimate, plan.estimate)
    return gain is not None and gain.low > 1


def _places(chosen: _Plan, plans: Sequence[_Plan], ratio: Ratio) -> list[_Plan]:
    """Return the plan that would be chosen at each place, the chosen one first, then by rank."""
    groups: dict[tuple[str, str], list[_Plan]] = {}
    for plan in plans:
        groups.setdefault(_where(plan), []).append(plan)
    groups.pop(_where(chosen))
    others = [_choose(group, ratio)[0] for group in groups.values()]
    return [chosen, *sorted(others, key=lambda plan: plan.rank)]


def _unpredicted(plans: Sequence[_Plan]) -> tuple[Estimate, ...]:
    """Return one plan of each place where none could be predicted."""
    first: dict[tuple[str, str], Estimate] = {}
    for plan in plans:
        first.setdefault(_where(plan), plan.estimate)
        if plan.estimate.throughput is not None:
            first[_where(plan)] = plan.estimate
    return tuple(estimate for estimate in first.values() if estimate.throughput is None)


def _where(plan: _Plan) -> tuple[str, str]:
    return plan.estimate.plan.place, plan.estimate.plan.device


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
        phase=phase,
        chosen=None,
        rejected=rejected,
        settles=_settles(standing),
        why_none=why,
        unpredicted=_unpredicted(plans),
        mended=_mended(None, rejected, lambda *_: None),
    )
