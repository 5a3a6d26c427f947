"""The sheet of `upgrade`: what to buy, what each purchase brings, and what to check first."""

from rich.console import RenderableType

from advisor.estimate import Interval
from advisor.render import Style
from advisor.render.sheets.answer import fed_as_usual
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.sheets.sentences import place
from advisor.report import FindingLine
from advisor.units import digits, show
from advisor.upgraded import PurchaseLine, UpgradeReport

_SHOWN = 8
_UNPRICED = 4


def parts(report: UpgradeReport, style: Style) -> list[RenderableType]:
    """Lay the answer out; ``verbose`` shows every purchase and all that was left out."""
    faster = tuple(line for line in report.purchases if _may_gain(line))
    shown = report.purchases if style.verbose else faster[:_SHOWN]
    sheet = [heading(f"{report.title}: {report.phase}"), words(f"Now: {_now(report)}")]
    sheet += [words(f"{report.verdict}: {report.why}"), *_free(report)]
    if shown:
        sheet += [heading(f"What {_budget(report)} would do, by {_RANKS[report.rank]}")]
        head = ("", f"price {report.currency}", "gain", "80 %", _unit(report), "limited by")
        sheet += [columns([head, *map(_row, shown)], right=(1, 2, 3, 4), keep=(1, 2, 3, 4, 5))]
        sheet += [words(note) for line in shown[:3] for note in _notes(line)]
        sheet += [*_unpriced(faster, shown), *_fed(report, shown)]
    sheet += _rest(len(report.purchases) - len(shown), len(report.purchases) - len(faster))
    sheet += _scaling(report)
    if report.asked:
        sheet += [heading("Look at this before buying"), *map(words, report.asked)]
    named = {line.name for line in shown}
    told = [f for f in report.findings if style.verbose or f.subject in named]
    if told:
        sheet += [heading("What rules say of it"), *map(words, _said(told))]
    if report.left_out:
        left = "; ".join(f"{count}: {why}" for why, count in report.left_out.items())
        sheet += [heading("Left out"), words(left)]
    sheet.append(words(_FOOT))
    return sheet


_FOOT = (
    "Ranges hold 80 % of outcomes; = means tied: the first is not surely faster. Launch prices are "
    "the makers' announcements as the catalogue has them; bring today's with --prices."
)
_USUAL_FEED = (
    "Limited by input: by data-loader workers at their usual rate, which was not timed here; "
    "`mlinfra bench input` settles it."
)
_RANKS = {"gain": "gain", "price": "gain for the money", "power": "gain for the power"}


def _unpriced(
    faster: tuple[PurchaseLine, ...], shown: tuple[PurchaseLine, ...]
) -> list[RenderableType]:
    """Name the best of what nobody announces a price for: their sellers do."""
    left = [line for line in faster if line.price is None and line not in shown and line.gain]
    left.sort(key=lambda line: -line.gain.likely if line.gain else 0.0)
    told = [f"{line.name} {_times(line.gain)}" for line in left[:_UNPRICED]]
    if not told:
        return []
    return [words(f"Without a price that is known here (--prices): {', '.join(told)}")]


def _fed(report: UpgradeReport, shown: tuple[PurchaseLine, ...]) -> list[RenderableType]:
    """Say where what is "limited by input" rests on no timing, and what would settle it."""
    more = report.scaling if "input" in report.more else ()
    plans = [report.now, *(line.plan for line in (*shown, *more))]
    if not any(plan and fed_as_usual(plan) for plan in plans):
        return []
    return [words(_USUAL_FEED)]


def _may_gain(line: PurchaseLine) -> bool:
    return not line.why_none and (line.gain is None or line.gain.likely > 1)


def _rest(left: int, slower: int) -> list[RenderableType]:
    if left <= 0:
        return []
    which = f", of which {slower} would likely gain nothing or do not run" if slower else ""
    return [words(f"and {left} more{which}: -v shows all")]


def _said(findings: list[FindingLine]) -> list[str]:
    """Say what a rule says once, of all the purchases that it says it of."""
    told: dict[str, list[FindingLine]] = {}
    for finding in findings:
        told.setdefault(finding.rule, []).append(finding)
    return [
        f"{alike[0].title} ({_few([f.subject for f in alike])}): {alike[0].advice}"
        for alike in told.values()
    ]


def _few(names: list[str]) -> str:
    more = f" and {len(names) - 2} more" if len(names) > 2 else ""
    return f"{', '.join(names[:2])}{more}"


def _now(report: UpgradeReport) -> str:
    now = report.now
    if now is None or now.throughput is None:
        return f"no plan ({report.why_none})"
    return f"{_rate(now.throughput)} on {place(now)}, limited by {now.bound}"


def _budget(report: UpgradeReport) -> str:
    return f"{report.budget:,.0f} {report.currency}" if report.budget else "money"


def _row(line: PurchaseLine) -> tuple[str, ...]:
    then = line.plan.throughput if line.plan else None
    return (
        _more_of(line) if line.twin else line.name,
        f"{line.price:,.0f}" if line.price is not None else "",
        _times(line.gain) + (" =" if line.tied else ""),
        f"{digits(line.gain.low, 2)}-{digits(line.gain.high, 2)}" if line.gain else "",
        digits(then.likely) if then else "none",
        (line.plan.bound or "") if line.plan else "",
    )


def _more_of(line: PurchaseLine) -> str:
    """Name cards that join one of their kind: ``one more NVIDIA L4``, ``2 more NVIDIA L4``."""
    if line.count == 1:
        return f"one more {line.name}"
    return f"{line.count} more {line.name.removeprefix(f'{line.count}x ')}"


def _unit(report: UpgradeReport) -> str:
    rates = (line.plan.throughput for line in report.purchases if line.plan)
    return next((rate.unit for rate in rates if rate), "")


def _times(gain: Interval | None) -> str:
    return f"{digits(gain.likely, 2)}x" if gain else ""


def _rate(rate: Interval) -> str:
    return show(rate.likely, rate.unit)


def _notes(line: PurchaseLine) -> list[str]:
    """Say what it asks of the machine, what its price rests on, and when renting costs more."""
    told = [f"asks for {', '.join(line.needs)}"] if line.needs else []
    if line.price_source:
        told.append(f"{line.price_source}, {line.price_date}")
    if line.break_even is not None:
        told.append(f"renting costs more from {line.break_even:,.0f} h of use on")
    elif line.rent_below is not None:
        told.append(
            f"a year of renting it day and night costs as much at {line.rent_below:.2f} "
            f"{line.currency} an hour"
        )
    return [f"{line.name}: {'; '.join(told)}"] if told else []


def _free(report: UpgradeReport) -> list[RenderableType]:
    if not report.fixes:
        return []
    listed = "; ".join(f.title for f in report.fixes[:3])
    return [words(f"Free, or counted on: {listed} (mlinfra recommend says how)")]


def _scaling(report: UpgradeReport) -> list[RenderableType]:
    rows = [line for line in report.scaling if line.plan and line.plan.throughput]
    if len(rows) < 2:
        return []
    told = ", ".join(
        f"{line.count}: {_rate(line.plan.throughput)}"
        for line in rows
        if line.plan and line.plan.throughput
    )
    return [heading("More of the same"), words(f"{rows[0].name}: {told}. {report.more}")]
