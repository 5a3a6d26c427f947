"""Units: what may be written after a number, and how numbers are printed.

Values are kept in base units (bytes, bytes/s, FLOP/s, s, Hz, W, °C). Prefixes are those of the SI
brochure (k = 1000) and of IEC 80000-13 (Ki = 1024). Gb/s, GB/s and GT/s are three things, and no
currency converts into another.
"""

import re
from functools import lru_cache
from math import isfinite

import msgspec

Dimension = tuple[tuple[str, int], ...]
PLAIN: Dimension = ()

SI = {"": 1.0, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
SMALL = {"m": 1e-3, "u": 1e-6, "µ": 1e-6, "n": 1e-9}
IEC = {f"{p}i": 1024.0 ** (i + 1) for i, p in enumerate("KMGTPE")}

# base symbol -> (dimension, scale, prefixes that may stand before it)
_BASES: dict[str, tuple[str, float, dict[str, float]]] = {
    "B": ("byte", 1.0, SI | IEC),
    "bytes": ("byte", 1.0, {"": 1.0}),
    "b": ("bit", 1.0, SI | IEC),
    "bit": ("bit", 1.0, SI | IEC),
    "bits": ("bit", 1.0, {"": 1.0}),
    "T": ("transfer", 1.0, SI),
    "FLOP": ("flop", 1.0, SI),
    "OP": ("op", 1.0, SI),
    "s": ("second", 1.0, SMALL | {"": 1.0}),
    "min": ("second", 60.0, {"": 1.0}),
    "h": ("second", 3600.0, {"": 1.0}),
    "d": ("second", 86400.0, {"": 1.0}),
    "days": ("second", 86400.0, {"": 1.0}),
    "Hz": ("cycle", 1.0, SI),
    "W": ("watt", 1.0, SI | {"m": 1e-3}),
    "°C": ("celsius", 1.0, {"": 1.0}),
    "samples": ("sample", 1.0, {"": 1.0}),
    "tokens": ("token", 1.0, {"": 1.0}),
    "jobs": ("job", 1.0, {"": 1.0}),
    "USD": ("USD", 1.0, {"": 1.0}),
    "EUR": ("EUR", 1.0, {"": 1.0}),
    "%": ("", 0.01, {"": 1.0}),
    "x": ("", 1.0, {"": 1.0}),
    "1": ("", 1.0, {"": 1.0}),
}
# What people write most, for "did you mean".
COMMON = (
    *(p + "B" for p in ("k", "M", "G", "T", "Ki", "Mi", "Gi", "Ti")),
    *("bytes", "kB/s", "MB/s", "GB/s", "TB/s", "GiB/s", "Mb/s", "Gb/s", "GT/s", "GFLOPS", "TFLOPS"),
    *("GFLOP/s", "TFLOP/s", "TOPS", "TOP/s", "s", "ms", "µs", "min", "h", "days", "MHz", "GHz"),
    *("W", "kW", "°C", "%", "samples/s", "tokens/s", "jobs/s", "USD", "EUR"),
)
_SHORT = {"FLOPS": "FLOP/s", "OPS": "OP/s", "bps": "b/s"}


class Unit(msgspec.Struct, frozen=True):
    """A unit as written: how many base units it is, and of what."""

    scale: float
    dimension: Dimension


def _term(text: str) -> Unit | None:
    for cut in range(3):
        base = _BASES.get(text[cut:])
        if base and text[:cut] in base[2]:
            dimension = ((base[0], 1),) if base[0] else PLAIN
            return Unit(base[1] * base[2][text[:cut]], dimension)
    return None


def _long(text: str) -> str:
    for short, full in _SHORT.items():
        if text.endswith(short) and text[: -len(short)] in SI:
            return text[: -len(short)] + full
    return text


@lru_cache(maxsize=512)
def unit(text: str) -> Unit | None:
    """Read a unit such as ``GiB``, ``GB/s``, ``TFLOPS`` or ``°C``; None if it is none.

    Hz is a rate: cycles a second.
    """
    above, slash, below = _long(text).partition("/")
    top = _term(above)
    if top is None or not slash:
        return _cycles(top)
    bottom = _term(below)
    if bottom is None:
        return None
    return Unit(top.scale / bottom.scale, divide(top.dimension, bottom.dimension))


def _cycles(read: Unit | None) -> Unit | None:
    if read and read.dimension == (("cycle", 1),):
        return Unit(read.scale, divide(read.dimension, (("second", 1),)))
    return read


def multiply(a: Dimension, b: Dimension) -> Dimension:
    """Return the dimension of a product."""
    powers = dict(a)
    for base, power in b:
        powers[base] = powers.get(base, 0) + power
    return tuple(sorted((base, power) for base, power in powers.items() if power))


def divide(a: Dimension, b: Dimension) -> Dimension:
    """Return the dimension of a quotient."""
    return multiply(a, tuple((base, -power) for base, power in b))


def spell(dimension: Dimension) -> str:
    """Name a dimension in words, for messages: ``bytes/second``, ``a plain number``."""
    above = [f"{b}s" if p == 1 else f"{b}^{p}" for b, p in dimension if p > 0]
    below = [b if p == -1 else f"{b}^{-p}" for b, p in dimension if p < 0]
    top = "·".join(above) or ("1" if below else "a plain number")
    return "/".join([top, *below])


# Forty digits are more than any double holds; three of exponent more than any datasheet needs.
_QUANTITY = re.compile(r"\s*([-+]?\d{1,40}(?:\.\d{1,40})?(?:[eE][-+]?\d{1,3})?)\s*(\S*)\s*")


def quantity(text: str) -> tuple[float, Unit] | None:
    """Read ``24 GiB`` or ``30s`` into base units; None if it is not a number with a known unit.

    The product is decimal, so that 57 % is 0.57 and not its neighbour.
    """
    from decimal import Decimal

    match = _QUANTITY.fullmatch(text)
    read = unit(match[2] or "1") if match else None
    if match is None or read is None:
        return None
    value = float(Decimal(match[1]) * Decimal(repr(read.scale)))
    return (value, read) if isfinite(value) else None


_IEC_STEPS = [("TiB", 2.0**40), ("GiB", 2.0**30), ("MiB", 2.0**20), ("KiB", 2.0**10)]
_SI_STEPS = [("P", 1e15), ("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)]
_TIME_STEPS = [("d", 86400.0), ("h", 3600.0), ("min", 60.0), ("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)]
_COUNTS = [("trillion", 1e12), ("billion", 1e9), ("million", 1e6)]
_SCALED = {
    **{rate: rate for rate in ("FLOP/s", "OP/s", "Hz", "T/s")},
    "bytes/s": "B/s",
    "bits/s": "b/s",
}


def show(value: float, base: str, figures: int = 3) -> str:
    """Print a value of base unit ``base`` for people: a few figures and a fitting prefix."""
    if base == "bytes":
        return _step(value, [*_IEC_STEPS, ("bytes", 1.0)], figures)
    if base == "s":
        return _step(value, [*_TIME_STEPS, ("ns", 1e-9)], figures) if value else "0 s"
    if base in _SCALED:
        name = _SCALED[base]
        return _step(value, [*((p + name, size) for p, size in _SI_STEPS), (name, 1.0)], figures)
    if base == "%":
        return f"{digits(100 * value, figures)} %"
    if base in {"", "1"} and abs(value) >= 999_999.5:
        return _step(value, _COUNTS, figures)
    plain = digits(value, figures)
    return plain if base in {"", "1"} else f"{plain} {base}"


def _step(value: float, steps: list[tuple[str, float]], figures: int) -> str:
    name, size = next((s for s in steps if abs(value) >= s[1] * 0.9995), steps[-1])
    return f"{digits(value / size, figures)} {name}"


def digits(value: float, figures: int = 3) -> str:
    """Print a few significant figures, whole numbers whole, without an exponent up to a million."""
    if value != 0 and not 0.001 <= abs(value) < 999_999.5:
        return f"{value:.{figures}g}"
    if abs(value) >= 10 ** (figures - 1):
        return str(round(value))
    return f"{float(f'{value:.{figures}g}'):g}"
