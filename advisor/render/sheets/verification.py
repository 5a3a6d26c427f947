"""`verify` as a sheet: predicted beside measured, for time and memory."""

from collections.abc import Sequence

from rich.console import RenderableType

from advisor.render import Style
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.text import span
from advisor.units import digits, show
from advisor.verified import Regret, Tried, VerifyLine, VerifyReport

# Settings of a phase that a sheet shows; JSON has all.
_MOST = 12


def parts(report: VerifyReport, _style: Style) -> list[RenderableType]:
    """Lay out a verification."""
    sheet: list[RenderableType] = []
    for line in report.lines:
        title = f"{report.workload}: {line.phase} on {line.place}, {line.dtype}, batch {line.batch}"
        sheet += [heading(title), columns(_lines(line))]
    for phase in dict.fromkeys(one.phase for one in report.tried):
        mine = [one for one in report.tried if one.phase == phase]
        sheet += [heading(f"Settings of {phase} tried, fastest first"), _tried(mine)]
    for regret in report.regrets:
        sheet += [words(_regret(regret))]
    if report.gaps:
        told = [words(f"{gap.what}: {gap.why}; {gap.remedy}".rstrip("; ")) for gap in report.gaps]
        sheet += [heading("Not run"), *told]
    return sheet


def _lines(line: VerifyLine) -> list[tuple[str, str]]:
    how = "with its operators timed here" if line.replayed else "from stored measurements"
    inside = "inside" if line.held else "outside"
    took = f"measured {show(line.measured_seconds, 's')} (median of {line.passes} passes)"
    held = f"ratio {digits(line.ratio)}, {inside} the 80 % range"
    peak = f"measured {show(line.measured_memory_bytes, 'bytes')}"
    if line.calibration != 1:
        how += f", times {digits(line.calibration)} by earlier runs"
    return [
        ("Time of a batch", f"predicted {span(line.seconds)}, {how}"),
        ("", f"{took}: {held}"),
        ("Peak memory", f"predicted {span(line.memory_bytes)}"),
        ("", f"{peak}: ratio {digits(line.memory_ratio)}"),
    ]


def _tried(settings: Sequence[Tried]) -> RenderableType:
    ranked = sorted(settings, key=lambda one: -one.throughput)[:_MOST]
    return columns([(_setting(one), _rate(one)) for one in ranked])


def _setting(one: Tried) -> str:
    how = "compiled" if one.compiled else "eager"
    return f"{one.phase} {one.dtype}, batch {one.batch}, {one.threads} threads, {how}"


def _rate(one: Tried) -> str:
    told = f"{digits(one.throughput)}/s"
    return f"{told} (predicted {digits(one.predicted)})" if one.predicted else told


def _regret(regret: Regret) -> str:
    mine, lost = _setting(regret.recommended), regret.regret
    if not regret.pairs:
        return f"Regret: none; {mine} was recommended, and is the fastest tried."
    return (
        f"Regret: {show(lost.likely, '%')} ({show(lost.low, '%')} – {show(lost.high, '%')} in"
        f" {regret.pairs} alternating pairs): {mine} was recommended, {_setting(regret.best)} is"
        " the fastest tried."
    )
