"""A device's own figures: ceilings, ladder and timed ops, from measurements or from a catalogue."""

import math
from collections.abc import Iterable, Mapping

import msgspec

from advisor.conditions import shape_of, sound, timed_op
from advisor.estimate import Basis
from advisor.measurement import MOVES, Measurement, Quality
from advisor.operation import Op, OpKind, op_class, viewed, work
from advisor.predict.width import Z95
from advisor.profile import Profile

BYTES = {"fp64": 8, "fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2, "amp": 2, "fp8": 1, "int8": 1}
# Bytes of a stored weight with its share of the scales: 8.5 and 4.85 bits, as llama.cpp's Q8_0 and
# Q4_K_M (its README's tables); GPTQ and AWQ in groups of 128 take a little less.
_STORED = {"int8": 8.5 / 8, "int4": 4.85 / 8}
# A ladder's step is a cache if it is this much faster than main memory.
_FASTER = 1.4


def stored_bytes(precision: str) -> float:
    """Return the bytes of a weight as a plan stores it."""
    return _STORED.get(precision) or float(BYTES[precision])


class Point(msgspec.Struct, frozen=True):
    """One op that was timed on the device: seconds for one run, and the deviation of their ln.

    ``cold`` are the seconds of a run whose operands are in no cache; ``doubt`` is the deviation by
    the interval's upper end, however low the other: what the op itself may be off by.
    """

    op: Op
    seconds: float
    cold: float
    spread: float
    backward: bool = False
    doubt: float = 0.0


Points = Mapping[tuple[str, str], tuple[Point, ...]]


class Figures(msgspec.Struct, frozen=True, kw_only=True):
    """What a prediction needs to know of one device.

    ``constants`` names the constant set that speaks for its kind, ``peaks`` (FLOP/s) are by dtype,
    ``ladder`` is ascending (bytes touched, bytes/s), ``points`` are by op class and dtype,
    ``anchors`` the best rate that the timed matmul surface itself reached, ``threads`` those this
    process may use, ``runs`` whole steps that `verify` ran there, ``cache`` the bytes of the
    largest cache that the system names, ``waking`` the seconds that a call takes longer when its
    code has left the caches.
    """

    place: str
    constants: str
    peaks: dict[str, Basis]
    bandwidth: Basis | None
    ladder: tuple[tuple[float, float], ...] = ()
    points: Points = {}
    anchors: dict[str, float] = {}
    launch: Basis | None = None
    link: Basis | None = None
    threads: float | None = None
    runs: tuple[Measurement, ...] = ()
    cache: float = 0.0
    waking: float = 0.0


def cache_bytes(figures: Figures) -> float:
    """Return what stays in the caches: the largest step of the ladder well above main memory.

    Where the ladder has no step between that and the cache that the system names, it is that.
    """
    if not figures.ladder or not figures.bandwidth:
        return 0.0
    slow = _FASTER * float(figures.bandwidth.value)
    fast = max((size for size, rate in figures.ladder if rate > slow), default=0.0)
    above = min((size for size, _ in figures.ladder if size > fast), default=math.inf)
    return max(fast, min(figures.cache, above)) if fast else 0.0


def touched(op: Op, dtype: str) -> float:
    """Return the bytes that one run of an op goes over, each counted once."""
    done = work(op)
    if op.op == "optimizer":  # which goes over a tensor many times: it, its gradient, its states
        return 4.0 * BYTES["fp32"] * done.weights
    return done.elements * BYTES.get(dtype, 4)


def spread_of(basis: Basis) -> float:
    """Return the standard deviation of ln(value) that a 95 % interval stands for."""
    if not basis.low or not basis.high or basis.low <= 0:
        return 0.0
    return math.log(basis.high / basis.low) / (2 * Z95)


def measured(profile: Profile, place: str) -> Figures:
    """Gather what was measured for one place; invalid measurements count as not made.

    Points of surfaces do count: each is heard with its noise, among others that are like it.
    """
    heard = [row for row in profile.measurements if row.device == place and row.value > 0]
    rows = [row for row in heard if row.quality is not Quality.INVALID]
    link = [row for row in profile.measurements if row.device == f"link:{place}"] or rows
    kind = place.partition(":")[0]
    points, waking = _points(heard)
    return Figures(
        place=place,
        constants=kind,
        peaks={row.dtype: _basis(row, kind) for row in _named(rows, "matmul.peak") if row.dtype},
        bandwidth=_headline(rows, kind, "memory.triad", "memory.copy"),
        ladder=_ladder(rows),
        points=points,
        anchors=_anchors(rows),
        launch=_headline(rows, kind, "launch.latency"),
        link=_headline(link, kind, "host_link.h2d"),
        threads=profile.machine.cpu.threads_allowed if kind == "cpu" else None,
        runs=tuple(_named(rows, "verify.step")),
        cache=_cache(rows),
        waking=waking,
    )


def _named(rows: Iterable[Measurement], name: str) -> list[Measurement]:
    return [row for row in rows if row.name == name]


# What the facts call a headline measurement.
_FACTS = {
    "matmul.peak": "matmul_peak",
    "memory.triad": "memory_triad",
    "memory.copy": "memory_copy",
    "launch.latency": "launch_latency",
    "host_link.h2d": "host_to_device",
}


def _basis(row: Measurement, kind: str) -> Basis:
    fact = f"{kind}.{_FACTS[row.name]}" + (f".{row.dtype}" if row.dtype else "")
    return Basis(
        fact=fact, value=row.value, low=row.low, high=row.high, origin="measured",
        source=f"{row.name} on {row.device}" + (f", {row.taken}" if row.taken else ""),
    )  # fmt: skip


def _headline(rows: Iterable[Measurement], kind: str, *names: str) -> Basis | None:
    kept = list(rows)
    found = (row for name in names for row in _named(kept, name))
    return next((_basis(row, kind) for row in found), None)


def _ladder(rows: list[Measurement]) -> tuple[tuple[float, float], ...]:
    """Return (bytes touched, bytes/s) of the copies in ascending order; triads where none."""
    for name, arrays in (("memory.copy.at", 2), ("memory.triad.at", 3)):
        steps = {
            arrays * float(row.conditions.get("bytes") or 0): row.value
            for row in rows
            if row.name == name
        }
        steps.pop(0.0, None)
        if steps:
            return tuple(sorted(steps.items()))
    return ()


def _cache(rows: list[Measurement]) -> float:
    named = (row.conditions.get("cache_bytes") for row in rows if row.name.startswith("memory."))
    return max((float(size) for size in named if isinstance(size, int | float)), default=0.0)


def _anchors(rows: list[Measurement]) -> dict[str, float]:
    best: dict[str, float] = {}
    for row in rows:
        if row.name == "matmul" and row.dtype:
            best[row.dtype] = max(best.get(row.dtype, 0.0), row.value)
    return best


# Rates over a shape that are ops of a kind; ``op`` rows say their kind themselves.
_KINDS: dict[str, OpKind] = {"matmul": "gemm", "conv": "conv", "attention": "attention"}


_KERNELS = {"matmul": "linear", "conv": "convolution"}


def _points(rows: list[Measurement]) -> tuple[Points, float]:
    """Sort the timed ops by class and dtype; say what each paid when it was cold."""
    read = [(row, op, _timed(row, op) if row.name == "op" else _rated(row, op))
            for row, op in ((row, op_of(row)) for row in rows)
            if op and not viewed(op, backward=_backward(row))]  # fmt: skip
    waking = _waking([point for _, _, point in read])
    found: dict[tuple[str, str], list[Point]] = {}
    for row, op, point in read:
        awake = msgspec.structs.replace(point, cold=max(point.cold - waking, point.seconds))
        found.setdefault((op_class(op), row.dtype or "fp32"), []).append(awake)
    return {key: tuple(points) for key, points in found.items()}, waking


# Of ops that touch less than this it is the code that was not in the cache.
_SMALL = 1e5


def _waking(points: list[Point]) -> float:
    """Return what a call pays besides its operands: code that is read anew, threads that wake."""
    extra = sorted(p.cold - p.seconds for p in points if work(p.op).elements < _SMALL)
    return extra[len(extra) // 2] if extra else 0.0


def op_of(row: Measurement) -> Op | None:
    """Read which op a measurement timed; None where it timed none, or its shape makes no sense."""
    if row.name == "op":
        try:
            op = timed_op(row.conditions)
        except msgspec.ValidationError:
            return None
        return op if sound(op) else None
    other_layout = row.conditions.get("layout") == "nhwc"  # eager torch runs what it is given: nchw
    if other_layout or row.name not in _KINDS:
        return None
    shape = shape_of(row.conditions)
    op = Op(op=_KINDS[row.name], kernel=_KERNELS.get(row.name, ""), shape=shape)
    if not sound(op):
        return None
    weights = 1.0 * shape["n"] * shape["k"] if row.name == "matmul" else 0.0
    return msgspec.structs.replace(op, weights=weights)


def _rated(row: Measurement, op: Op) -> Point:
    """Read a rate over a shape (``matmul`` m n k, ``conv``, ``attention``) as an op's seconds."""
    flops = work(op).flops
    return Point(op, flops / row.value, flops / _cold(row), _spread(row), doubt=_doubt(row))


def _timed(row: Measurement, op: Op) -> Point:
    return Point(op, row.value, _cold(row), _spread(row), _backward(row), _doubt(row))


def _backward(row: Measurement) -> bool:
    return bool(row.conditions.get("backward"))


def _cold(row: Measurement) -> float:
    """Return the row's value for a call when nothing is in the cache."""
    cold = row.conditions.get("cold_call")
    return cold if isinstance(cold, float) and cold > 0 else row.value


def _within(row: Measurement) -> float:
    """Return the half width without what moves of the host add: those are common to a run."""
    moved = row.conditions.get(MOVES)
    added = moved * row.value if isinstance(moved, float) else 0.0
    return math.sqrt(max((row.high - row.value) ** 2 - added**2, 0.0))


def _spread(row: Measurement) -> float:
    half = _within(row)
    low, high = max(row.value - half, row.low), row.value + half
    told = Basis(fact=row.name, value=row.value, origin="", source="", low=low, high=high)
    return spread_of(told)


def _doubt(row: Measurement) -> float:
    """Return the deviation of ln(value) by the upper end: the lower stops short of nought."""
    return math.log(1 + _within(row) / row.value) / Z95
