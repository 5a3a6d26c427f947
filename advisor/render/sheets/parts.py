"""The sheet of parts: a line each, or figures side by side with their sources on request."""

from rich.console import RenderableType

from advisor.part import Part, PartList, source_of
from advisor.render import Style
from advisor.render.sheets.layout import columns, heading, words
from advisor.units import show

_FIGURES = (
    ("memory", "bytes"),
    ("bandwidth", "bytes/s"),
    ("cache", "bytes"),
    ("transfers", "T/s"),
    ("power", "W"),
    ("supply", "W"),
    ("link", "bytes/s"),
    ("price", "USD"),
    ("hourly", "USD"),
)
_PLAIN = (
    *("kind", "architecture", "launch", "units", "cores", "threads", "channels", "form", "pcie"),
    *("lanes", "slots", "length_mm", "connectors", "holds", "count"),
)


def parts(report: PartList, style: Style) -> list[RenderableType]:
    """Lay the parts out; ``verbose`` shows where each figure comes from."""
    if not report.compared:
        return [columns(map(_line, report.parts), right=(2, 3, 4))]
    sheet = [columns(_table(report.parts))]
    sheet += [words(note) for note in (*report.notes, *_remarks(report.parts))]
    if style.verbose:
        for part in report.parts:
            sheet += [heading(f"Sources: {part.name}"), columns(_sources(part))]
    return sheet


def _line(part: Part) -> tuple[str, ...]:
    best = next(
        (name for name in ("fp16", "bf16", "fp8", "fp32", "int8") if name in part.peaks), ""
    )
    return (
        part.name,
        part.kind,
        show(part.memory, "bytes") if part.memory else "",
        show(part.bandwidth, "bytes/s") if part.bandwidth else "",
        f"{_peak(part, 'peaks', best)} {best}" if best else "",
    )


def _table(listed: tuple[Part, ...]) -> list[tuple[str, ...]]:
    rows = [("", *(part.name for part in listed))]
    rows += [(name, *(_word(part, name) for part in listed)) for name in _PLAIN]
    rows += [(name, *(_shown(part, name, unit) for part in listed)) for name, unit in _FIGURES]
    for group in ("peaks", "attained"):
        keys = dict.fromkeys(key for part in listed for key in getattr(part, group))
        rows += [(f"{group}.{key}", *(_peak(part, group, key) for part in listed)) for key in keys]
    return [row for row in rows if any(row[1:])]


def _word(part: Part, name: str) -> str:
    value = getattr(part, name)
    if value is None or (name == "count" and value == 1):
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def _shown(part: Part, name: str, unit: str) -> str:
    value = getattr(part, name)
    return "" if value is None else show(value, unit)


def _peak(part: Part, group: str, key: str) -> str:
    value = getattr(part, group).get(key)
    if value is None:
        return ""
    unit = "%" if group == "attained" else "OP/s" if key == "int8" else "FLOP/s"
    return show(value, unit)


def _remarks(listed: tuple[Part, ...]) -> list[str]:
    return [f"{part.name}: {part.note}" for part in listed if part.note]


def _sources(part: Part) -> list[tuple[str, ...]]:
    figures = ["(default)", *part.sources]
    found = [source_of(part, figure) for figure in figures]
    return [
        (figure, one.date, f"{one.source}{': ' if one.note else ''}{one.note}")
        for figure, one in zip(figures, found, strict=True)
    ]
