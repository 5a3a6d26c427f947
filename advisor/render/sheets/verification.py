"""`verify` as a sheet: predicted beside measured, for time and memory."""

from rich.console import RenderableType

from advisor.render import Style
from advisor.render.sheets.layout import columns, heading, words
from advisor.render.text import span
from advisor.units import digits, show
from advisor.verified import VerifyLine, VerifyReport


def parts(report: VerifyReport, _style: Style) -> list[RenderableType]:
    """Lay out a verification."""
    sheet: list[RenderableType] = []
    for line in report.lines:
        title = f"{report.workload}: {line.phase} on {line.place}, {line.dtype}, batch {line.batch}"
        sheet += [heading(title), columns(_lines(line))]
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
    return [
        ("Time of a batch", f"predicted {span(line.seconds)}, {how}"),
        ("", f"{took}: {held}"),
        ("Peak memory", f"predicted {span(line.memory_bytes)}"),
        ("", f"{peak}: ratio {digits(line.memory_ratio)}"),
    ]
