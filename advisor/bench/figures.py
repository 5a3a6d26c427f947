"""From a task's rounds to the measurement that is kept."""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from statistics import fmean, median, stdev
from typing import NamedTuple

from advisor.bench.between import OVER, known
from advisor.bench.modes import part
from advisor.bench.quality import causes, judge
from advisor.bench.series import Limits, Series
from advisor.bench.statistics import Summary, average, summarize, widen
from advisor.bench.task import Condition
from advisor.measurement import MOVES, Measurement, Quality

# A suspect figure's interval is doubled, once, here.
SUSPECT_FACTOR = 2.0
# Device events and the wall clock agree to a few percent over a batch of milliseconds.
_EVENTS_APART = 0.10


class Beside(NamedTuple):
    """What tells how much figures differ, beside a task's own rounds.

    ``earlier`` runs of this machine; ``usual``, how much the rounds of this run's other tasks
    spread, as a share, where they are few; and ``moved``, the half width that moves of the host
    add.
    """

    earlier: Sequence[Measurement] = ()
    usual: float = 0.0
    moved: float = 0.0


ALONE = Beside()


def standing(series: Series, limits: Limits) -> Summary | None:
    """Return the figure as it stands, or None before the second round."""
    if len(series.medians) < 2:
        return None
    values, _ = _used(series, limits)
    return _summary(series, values, series.task.floor)


def figure(
    series: Series,
    limits: Limits,
    common: Mapping[str, Condition],
    now: datetime | None = None,
    beside: Beside = ALONE,
) -> Measurement:
    """Turn finished rounds into a measurement; disturbed rounds are set aside if some remain.

    How much earlier runs differ casts no doubt on this one.
    """
    values, disturbed = _used(series, limits)
    conditions = _conditions(series, common, len(values))
    floor = known(series.task, conditions, fmean(values), beside.earlier)
    if beside.moved:
        conditions[MOVES] = beside.moved
    summary = _summary(series, values, math.hypot(floor, beside.moved), beside.usual)
    reasons = [*(_why(series) if disturbed else ()), *_doubts(series)]
    quality, cause = judge(_summary(series, values, 0.0, beside.usual).width, reasons)
    if quality is not Quality.VALID:
        summary = widen(summary, SUSPECT_FACTOR)
    task = series.task
    return Measurement(
        name=task.name,
        device=task.device,
        dtype=task.dtype,
        value=summary.value,
        low=summary.low,
        high=summary.high,
        unit=task.unit,
        rounds=summary.rounds,
        quality=quality,
        cause=cause,
        hardware=task.hardware,
        taken=now.strftime("%Y-%m-%dT%H:%M:%SZ") if now else None,
        conditions=conditions,
    )


def spread(series: Series) -> float:
    """Return how much the rounds of a task spread, as a share; 0 where there are too few."""
    values = series.calm()
    return stdev(values) / fmean(values) if len(values) > 1 else 0.0


def _summary(series: Series, values: Sequence[float], floor: float, usual: float = 0.0) -> Summary:
    if series.task.lasting:
        return average(values, floor)
    return summarize(values, floor, usual)


def _used(series: Series, limits: Limits) -> tuple[list[float], bool]:
    """Return the rounds that count, and whether the disturbed ones cast doubt on them.

    One round set aside of five is no doubt; where half of them were disturbed, what is left tells
    more than all, and is doubted.
    """
    clean, rounds = series.clean(), len(series.medians)
    if len(clean) < min(limits.fewest, rounds):
        return series.medians, True
    if len(clean) >= limits.least or len(clean) == rounds:
        return clean, series.held_back()
    return clean, len(clean) <= limits.fewest or 2 * len(clean) <= rounds or series.held_back()


def _why(series: Series) -> list[str]:
    """Say what disturbed rounds that had to be counted."""
    apart = part(series.calm()).apart
    split = f"rounds ran at two speeds, {apart:.2g} times apart: something held the machine back"
    return [*causes(series.disturbances), *([split] if apart > 1 else [])]


def _doubts(series: Series) -> list[str]:
    doubts = [doubt for doubt in (series.short, series.doubt) if doubt]
    if series.disagreement > _EVENTS_APART:
        doubts.append(f"device events and the wall clock differ by {series.disagreement:.0%}")
    return doubts


def _conditions(series: Series, common: Mapping[str, Condition], used: int) -> dict[str, Condition]:
    own: dict[str, Condition] = {
        "calls_per_sample": series.calls,
        "rounds_set_aside": len(series.medians) - used,
        OVER: round(series.span, 3),
    }
    if series.colds:
        own["cold_call"] = series.task.value(median(series.colds))
    if used < len(series.medians):
        own["set_aside_for"] = "; ".join(_why(series))
    return {**common, **series.task.conditions, **series.conditions, **own}


def utc() -> datetime:
    """Return the time of day that measurements are stamped with."""
    return datetime.now(UTC)
