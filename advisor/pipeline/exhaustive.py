"""Every setting that could be the best, run: precision, batch, threads, compiled or not."""

import time
from collections.abc import Iterable, Iterator
from itertools import product
from statistics import median
from typing import NamedTuple

import msgspec

from advisor import bench, predict
from advisor.constants import Constants
from advisor.estimate import Estimate, Interval, Plan
from advisor.machine import Gap
from advisor.pipeline.look import Look
from advisor.pipeline.verify import errand, usual_threads
from advisor.profile import Profile
from advisor.verified import Regret, Tried, VerifyReport
from advisor.workload import Workload

# Fresh processes in turn; the median of five ratios is off by half of what one is.
PAIRS = 5


class Search(NamedTuple):
    """What is searched in: seconds for each setting, and in all."""

    workload: Workload
    profile: Profile
    constants: Constants
    seconds: float
    limit: float
    look: Look


def searched(report: VerifyReport, search: Search, plans: Iterable[Plan]) -> VerifyReport:
    """Add all settings that were run for the phases of some plans, and what these plans lose."""
    began = time.monotonic()
    listed = list(plans)
    tried: list[Tried] = []
    gaps: list[Gap] = []
    regrets: list[Regret] = []
    for number, plan in enumerate(listed):
        share = search.limit / len(listed) * (number + 1)
        mine, missed = _phase(search, plan, began + share)
        tried += mine
        gaps += missed
        found = _regret(search, plan, mine)
        regrets += [found] if found else []
    return msgspec.structs.replace(
        report, tried=tuple(tried), regrets=tuple(regrets), gaps=(*report.gaps, *gaps)
    )


def _phase(search: Search, plan: Plan, until: float) -> tuple[list[Tried], list[Gap]]:
    """Run the settings of one phase: the recommended one, then what is like the best so far."""
    tried: list[Tried] = []
    gaps: list[Gap] = []
    left = _settings(search, plan)
    whole = len(left)
    while left:
        if time.monotonic() > until:
            why = f"the time was over: {len(left)} of {whole} settings were not tried"
            gaps.append(Gap(f"verify.{plan.phase}", why, "mlinfra verify --exhaustive --limit 1h"))
            break
        setting = _next(left, tried)
        left.remove(setting)
        try:
            tried.append(_run(search, setting))
        except bench.TaskError as error:
            gaps.append(Gap(f"verify.{_name(setting)}", error.why, error.remedy))
    return tried, gaps


def _settings(search: Search, plan: Plan) -> list[Tried]:
    """List settings in the plan's place, the recommended one first.

    A batch that surely loses to another is left out.
    """
    return sorted(_possible(search, plan), key=lambda one: not _recommended(search, plan, one))


def _next(left: list[Tried], tried: list[Tried]) -> Tried:
    """Return the setting that is most like the best so far; of those alike, what was listed first.

    Where the time ends early, all that differs from the best in one respect was tried.
    """
    best = max(tried, key=lambda one: one.throughput, default=left[0])
    return min(left, key=lambda one: _apart(one, best))


def _apart(one: Tried, other: Tried) -> int:
    """Count in what two settings differ."""
    return sum(a != b for a, b in zip(_choices(one), _choices(other), strict=True))


def _choices(one: Tried) -> tuple[str, int, int, bool]:
    return one.dtype, one.batch, one.threads, one.compiled


def _recommended(search: Search, plan: Plan, one: Tried) -> bool:
    wanted = (plan.dtype, plan.batch, usual_threads(search.profile), plan.compiled)
    return _choices(one) == wanted


def _possible(search: Search, plan: Plan) -> Iterator[Tried]:
    everything = predict.plans(search.workload, search.profile, search.constants)
    rated = [e for e in everything if _same_place(e, plan) and e.throughput and e.fits]
    most = max((e.throughput.low for e in rated if e.throughput), default=0.0)
    usual = usual_threads(search.profile)
    counts = [usual, *(n for n in (1, usual // 2) if 0 < n < usual)]
    threads = list(dict.fromkeys(counts)) if plan.place == "cpu" else [usual]
    for compiled, count in product((False, True), threads):
        for e in rated:
            if e.throughput and e.throughput.high >= most:
                yield Tried(
                    phase=plan.phase, place=plan.place, dtype=e.plan.dtype, batch=e.plan.batch,
                    threads=count, compiled=compiled, throughput=0.0,
                    predicted=None if compiled or count != usual else e.throughput.likely,
                )  # fmt: skip


def _same_place(found: Estimate, plan: Plan) -> bool:
    return (found.plan.phase, found.plan.place) == (plan.phase, plan.place)


def _run(search: Search, setting: Tried) -> Tried:
    """Run one setting in a process of its own."""
    search.look.say(f"trying {_name(setting)}")
    plan = Plan(phase=setting.phase, place=setting.place, dtype=setting.dtype, batch=setting.batch)
    usual = errand(search.workload, plan, search.profile, search.seconds)
    ran = bench.run_network(
        msgspec.structs.replace(usual, threads=setting.threads, compile=setting.compiled)
    )
    return msgspec.structs.replace(setting, throughput=setting.batch / median(ran.seconds))


def _name(setting: Tried) -> str:
    how = "compiled" if setting.compiled else "eager"
    return (
        f"{setting.phase} on {setting.place}, {setting.dtype}, batch {setting.batch},"
        f" {setting.threads} threads, {how}"
    )


def _regret(search: Search, plan: Plan, tried: list[Tried]) -> Regret | None:
    """Run the recommended setting and the best one in turn, and say what is lost."""
    mine = next((one for one in tried if _recommended(search, plan, one)), None)
    if mine is None:
        return None
    best = max(tried, key=lambda one: one.throughput)
    if best == mine:
        none = Interval(0.0, 0.0, 0.0, "%")
        return Regret(phase=plan.phase, recommended=mine, best=mine, regret=none, pairs=0)
    try:
        gains = sorted(_pair(search, mine, best, number) - 1 for number in range(PAIRS))
    except bench.TaskError:
        return None
    regret = Interval(gains[0], max(median(gains), 0.0), max(gains[-1], 0.0), "%")
    return Regret(phase=plan.phase, recommended=mine, best=best, regret=regret, pairs=PAIRS)


def _pair(search: Search, mine: Tried, best: Tried, number: int) -> float:
    """Return how much faster the best is than mine, run in turn; each second pair turned round."""
    order = (mine, best) if number % 2 == 0 else (best, mine)
    rates = {_name(one): _run(search, one).throughput for one in order}
    return rates[_name(best)] / rates[_name(mine)]
