"""The sheet of `upgrade`: what to buy, what each purchase brings, and what to check first."""

from rich.console import RenderableType

from advisor.estimate import Interval
from advisor.render import Style
from advisor.render.sheets.layout import columns, heading, words
from advisor.units import digits, show
from advisor.upgraded import PurchaseLine, UpgradeReport

_SHOWN = 8


def parts(report: UpgradeReport, style: Style) -> list[RenderableType]:
    """Lay the answer out; ``verbose`` shows every purchase and all that was left out."""
    shown = report.purchases if style.verbose else report.purchases[:_SHOWN]
    sheet = [heading(f"{report.title}: {report.phase}"), words(f"Now: {_now(report)}")]
    sheet += [words(f"{report.verdict}: {report.why}"), *_free(report)]
    if shown:
        sheet += [heading(f"What {_budget(report)} would do, by {_RANKS[report.rank]}")]
        head = ("", "price", "gain", "80 %", _unit(report), "limited by")
        sheet += [columns([head, *map(_row, shown)], right=(1, 2, 3, 4), keep=(1, 2, 3, 4, 5))]
        sheet += [words(note) for line in shown[:3] for note in _notes(line)]
    sheet += _scaling(report)
    if report.asked:
        sheet += [heading("Look at this before buying"), *map(words, report.asked)]
    if report.findings:
        sheet += [heading("What rules say of it")]
        sheet += [words(f"{f.title} ({f.subject}): {f.advice}") for f in report.findings[:_SHOWN]]
    if report.left_out:
        left = "; ".join(f"{count}: {why}" for why, count in report.left_out.items())
        sheet += [heading("Left out"), words(left)]
    sheet.append(words(_FOOT))
    return sheet


_FOOT = (
    "Ranges hold 80 % of outcomes; = means tied: the first is not surely faster. Launch prices are "
    "the makers' announcements as the catalogue has them; bring today's with --prices."
)
_RANKS = {"gain": "gain", "price": "gain for the money", "power": "gain for the power"}


def _now(report: UpgradeReport) -> str:
    now = report.now
    if now is None or now.throughput is None:
        return f"no plan ({report.why_none})"
    return f"{_rate(now.throughput)} on {now.place}, {now.dtype}, limited by {now.bound}"


def _budget(report: UpgradeReport) -> str:
    return f"{report.budget:,.0f} {report.currency}" if report.budget else "money"


def _row(line: PurchaseLine) -> tuple[str, ...]:
    then = line.plan.throughput if line.plan else None
    return (
        f"one more {line.name}" if line.twin else line.name,
        f"{line.price:,.0f}" if line.price is not None else "",
        _times(line.gain) + (" =" if line.tied else ""),
        f"{digits(line.gain.low, 2)}-{digits(line.gain.high, 2)}" if line.gain else "",
        digits(then.likely) if then else "none",
        (line.plan.bound or "") if line.plan else "",
    )


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
            f"renting it for less than {line.rent_below:.2f} {line.currency} an hour, day and night"
            " for a year, would cost less"
        )
    return [f"{line.name}: {'; '.join(told)}"] if told else []


def _free(report: UpgradeReport) -> list[RenderableType]:
    if not report.fixes:
        return []
    listed = "; ".join(f.title for f in report.fixes[:3])
    return [words(f"Free, and first: {listed} (mlinfra recommend says how)")]


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
