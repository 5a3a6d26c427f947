"""Facts about a GPU beside what the catalogue publishes of it, and how much of that it reaches.

A part's peak is dense, at its boost clock; attainable is the part of it that the best of many large
matmuls reached elsewhere, where someone published that (the catalogue names who).
"""

from collections.abc import Callable, Mapping

from advisor.estimate import Interval
from advisor.fact import Declaration, Fact, Origin, Status
from advisor.machine import Device, Gap
from advisor.part import Part
from advisor.vocabulary.measured import DTYPES
from advisor.vocabulary.row import Row, fact, rows

FIGURES: tuple[Row[Part], ...] = rows(
    "gpu",
    Origin.CATALOGUE,
    [
        ("gpu.published_memory", "bytes", "memory of such a card as sold", lambda p: p.memory),
        ("gpu.published_power", "W", "power of such a card as sold", lambda p: p.power),
        ("gpu.published_bandwidth", "bytes/s", "its memory's peak", lambda p: p.bandwidth),
    ],
)


def _share(name: str, meaning: str, bench: str) -> Declaration:
    return Declaration(
        name=name, unit="%", meaning=meaning, origin=Origin.MEASURED, subject="gpu",
        settles=f"mlinfra bench {bench}",
    )  # fmt: skip


def _peak(dtype: str) -> Callable[[Part], float | None]:
    return lambda part: part.peaks.get(dtype)


def _attainable(dtype: str) -> Callable[[Part], float | None]:
    def attainable(part: Part) -> float | None:
        peak, share = part.peaks.get(dtype), part.attained.get(dtype)
        return peak * share if peak and share else None

    return attainable


# A share's declaration, the measured fact above the line, and the figure below it.
SHARES: tuple[tuple[Declaration, str, Callable[[Part], float | None]], ...] = (
    *((_share(f"gpu.peak_share.{t}", f"{t} matmul reached of the published peak", "matmul"),
       f"gpu.matmul_peak.{t}", _peak(t)) for t in DTYPES),
    *((_share(f"gpu.attainable_share.{t}", f"{t} matmul reached of what such cards reach",
       "matmul"), f"gpu.matmul_peak.{t}", _attainable(t)) for t in DTYPES),
    (_share("gpu.copy_share", "memory copy reached of the published bandwidth", "memory"),
     "gpu.memory_copy", lambda part: part.bandwidth),
)  # fmt: skip
DECLARATIONS = (*(row.declaration for row in FIGURES), *(told for told, _, _ in SHARES))
NAMES = frozenset(declaration.name for declaration in DECLARATIONS)


def facts(
    device: Device, timed: Mapping[str, Fact], parts: Mapping[str, Part] | None
) -> dict[str, Fact]:
    """State what is published of a GPU, and its share; ``parts`` are by device, None if unread."""
    if "/mig:" in device.id:  # figures are published of whole cards, so there are none of a slice
        return {d.name: fact(d, None, None) for d in DECLARATIONS}
    part = parts.get(device.id) if parts is not None else None
    if part is None:
        gap = _gap(device, parts)
        return {d.name: fact(d, None, gap) for d in DECLARATIONS}
    figures = [fact(row.declaration, row.value(part), None, part.name) for row in FIGURES]
    shares = [_over(told, timed[above], below(part), part) for told, above, below in SHARES]
    return {f.name: f for f in (*figures, *shares)}


def _gap(device: Device, parts: Mapping[str, Part] | None) -> Gap:
    if parts is None:
        return Gap("", "the catalogue was not read", "mlinfra facts")
    remedy = "write a part file of your own: --rules DIR"
    return Gap("", f"no part of the catalogue is called {device.name!r}", remedy)


def _over(declaration: Declaration, above: Fact, below: float | None, part: Part) -> Fact:
    if below is None:
        return fact(declaration, None, None, part.name)
    if above.status is not Status.KNOWN or not isinstance(above.value, float):
        return fact(declaration, None, Gap("", above.why or "not timed", above.remedy))
    low, high = above.low or above.value, above.high or above.value
    share = Interval(low / below, above.value / below, high / below, "%")
    return fact(declaration, share, None, f"{above.name} over {part.name}")
