"""Seconds of one op on one device: a roofline with soft corners, corrected by timed ops."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from advisor.constants import ClassConstants, ConstantSet
from advisor.operation import Op, op_class, work
from advisor.predict.figures import BYTES, Figures, Point
from advisor.predict.surface import NOISE, Sample, correction, position
from advisor.predict.trend import Trend, fit, trait
from advisor.predict.width import joined

# A planted or stale peak this far (in ln) from the best of the surface moves the whole surface.
_ANCHOR_SLACK = 0.15
# Calls that torch's optimizers make for each tensor (see `passes`).
OPTIMIZER_CALLS = {"sgd": 1, "momentum": 3, "adam": 7}


class Cold(NamedTuple):
    """Which shares of what an op touches have left the cache: weights, written, read activations.

    A benchmark repeats one op, so that all stays in the cache; a network does not.
    """

    weights: float = 1.0
    written: float = 0.0
    read: float = 0.0


WASHED_OUT = Cold()


class OpTime(NamedTuple):
    """What one run of an op takes, and whether computing or moving bytes bounds it.

    ``spread`` is the standard deviation of ln(seconds) of this op, ``shared`` of its class.
    """

    seconds: float
    bound: str
    group: str
    spread: float
    shared: float


class Clockwork:
    """Predicts ops on one device from its figures and the constants of its kind.

    The answers are remembered, so keep one a device.
    """

    def __init__(self, figures: Figures, constants: ConstantSet) -> None:
        """Keep the figures; the timed points are compared with the roofline when first needed."""
        self.figures = figures
        self.constants = constants
        self._samples: dict[tuple[str, str, bool, Cold], Timed] = {}
        self._known: dict[tuple[bytes, str, bool, Cold], OpTime | None] = {}

    def seconds(
        self, op: Op, dtype: str, *, backward: bool = False, cold: Cold = WASHED_OUT
    ) -> OpTime | None:
        """Predict one run of an op in its full shape (batch included), forward or backward.

        None where the figures do not allow it: no peak for the dtype, or no bandwidth.
        """
        key = (_key(op), dtype, backward, cold)
        if key not in self._known:
            self._known[key] = self._predict(op, dtype, backward=backward, cold=cold)
        return self._known[key]

    def knows(self, op: Op, dtype: str, *, backward: bool = False) -> bool:
        """Say whether this very op was timed, in this shape."""
        timed = self._timed(op_class(op), dtype, backward=backward, cold=WASHED_OUT)
        return _key(op) in timed.exact

    def _predict(self, op: Op, dtype: str, *, backward: bool, cold: Cold) -> OpTime | None:
        group = op_class(op)
        known = class_constants(self.constants, group, dtype)
        base = self._base(op, known, dtype, backward=backward, cold=cold)
        if base is None:
            return None
        seconds = base[0]
        timed = self._timed(group, dtype, backward=backward, cold=cold)
        exact = timed.exact.get(_key(op))
        if exact is not None:
            return OpTime(seconds * math.exp(exact), base[1], group, NOISE, 0.0)
        if not timed.samples and dtype != "fp32":
            other = self.seconds(op, "fp32", backward=backward, cold=cold)
            if other is not None:
                return self._promised(op, seconds, other, backward=backward)
        level, doubt, own = 0.0, 0.0, known.spread
        if timed.trend:
            level, doubt = timed.trend.at(trait(op, backward=backward))
            own = timed.trend.spread
        left = correction(op, timed.samples, own)
        spread = joined(left.spread, doubt)
        shared = known.measured_spread if timed.samples else known.spread
        shared = max(shared, spread / 2)
        residual = math.exp(level + left.residual)
        return OpTime(seconds * residual, base[1], group, spread, shared)

    def _promised(self, op: Op, seconds: float, other: OpTime, *, backward: bool) -> OpTime:
        """Predict a precision in which no op of the class was timed, from what it takes in fp32.

        The ceilings promise a gain; how much of it the kernels keep is uncertain by as much.
        """
        known = class_constants(self.constants, other.group, "fp32")
        base = roofline(op, self.figures, known, "fp32")
        full = base[0] * (known.backward if backward else 1.0) if base else seconds
        gain = math.log(full / seconds) if seconds > 0 and full > 0 else 0.0
        kept = self.constants.figures["low_precision_gain"]
        doubt = (1 - kept) * abs(gain)
        return other._replace(
            seconds=other.seconds * math.exp(-kept * gain),
            spread=max(other.spread, doubt),
            shared=max(other.shared, doubt),
        )

    def _timed(self, group: str, dtype: str, *, backward: bool, cold: Cold) -> "Timed":
        key = (group, dtype, backward, cold)
        if key not in self._samples:
            self._samples[key] = self._surface(group, dtype, backward=backward, cold=cold)
        return self._samples[key]

    def _surface(self, group: str, dtype: str, *, backward: bool, cold: Cold) -> "Timed":
        """Compare the timed ops of a class with the roofline; the trend is of both directions."""
        points = self.figures.points.get((group, dtype), ())
        known = class_constants(self.constants, group, dtype)
        rows = [
            (p, trait(p.op, backward=p.backward), self._residual(p, dtype, cold=cold))
            for p in points
        ]
        if not rows:
            return Timed((), {}, None)
        trend = fit([(where, level) for _, where, level in rows], known.spread)
        mine = [row for row in rows if row[0].backward == backward]
        samples = tuple(
            Sample(position(p.op), p.op.kernel, r - trend.at(where)[0], max(p.spread, NOISE))
            for p, where, r in mine
        )
        return Timed(samples, {_key(p.op): r for p, _, r in mine}, trend)

    def _base(  # noqa: PLR0913 - what a roofline depends on
        self,
        op: Op,
        known: ClassConstants,
        dtype: str,
        *,
        backward: bool,
        cold: Cold,
        anchored: bool = False,
    ) -> tuple[float, str] | None:
        """Return the roofline's seconds, between those in the cache and those from main memory."""
        ways = [
            roofline(op, self.figures, known, dtype, anchored=anchored, cached=cached)
            for cached in (True, False)
        ]
        if ways[0] is None or ways[1] is None:
            return None
        times = known.backward if backward else 1.0
        hot, far = (max(way[0] * times + self._calls(op), 1e-12) for way in ways if way)
        return hot * (far / hot) ** _gone(op, cold), ways[0][1]

    def _residual(self, point: Point, dtype: str, *, cold: Cold) -> float:
        """Return ln(timed / roofline), the roofline under the peak that the surface itself had."""
        known = class_constants(self.constants, op_class(point.op), dtype)
        base = self._base(point.op, known, dtype, backward=point.backward, cold=cold, anchored=True)
        if base is None:
            return 0.0
        apart = math.log(point.cold / point.seconds)
        return math.log(point.seconds / base[0]) + _gone(point.op, cold) * apart

    def _calls(self, op: Op) -> float:
        """Return what an optimizer's Python takes: it goes from tensor to tensor, call by call."""
        calls = OPTIMIZER_CALLS.get(op.kernel, 0) if op.op == "optimizer" else 0
        return calls * op.shape.get("n", 1) * self.constants.figures["op_seconds"] / 2


def _gone(op: Op, cold: Cold) -> float:
    """Return the share of what an op touches that has left the cache."""
    done = work(op)
    gone = cold.weights * done.weights + cold.written * done.writes + cold.read * done.reads
    return gone / max(done.elements, 1.0)


class Timed(NamedTuple):
    """The timed ops of one class: as a surface around their trend, and each by itself."""

    samples: tuple[Sample, ...]
    exact: Mapping[bytes, float]
    trend: Trend | None


def _key(op: Op) -> bytes:
    sizes = (op.op, op.kernel, op.reads, op.writes, op.weights, sorted(op.shape.items()))
    return msgspec.msgpack.encode(sizes)


def class_constants(constants: ConstantSet, group: str, dtype: str) -> ClassConstants:
    """Look a class up: with its dtype, else without, else as a plain elementwise op."""
    classes = constants.classes
    return classes.get(f"{group}.{dtype}") or classes.get(group) or classes["elementwise"]


def roofline(  # noqa: PLR0913 - what a roofline depends on
    op: Op,
    figures: Figures,
    known: ClassConstants,
    dtype: str,
    *,
    anchored: bool = False,
    cached: bool = True,
) -> tuple[float, str] | None:
    """Return seconds and what bounds them, by the ceilings alone.

    ``anchored`` takes the peak that the timed surface reached, where that is another; what is not
    ``cached`` comes from main memory, however little it is.
    """
    peak = _peak(figures, dtype, anchored=anchored)
    done = work(op)
    if figures.bandwidth is None or (peak is None and done.flops):
        return None
    moved = done.elements * BYTES.get(dtype, 4)
    # Kinds without a shape move their elements; what little they compute hides behind that.
    computing = done.flops / (peak * known.compute) if peak and op.shape else 0.0
    rate = bandwidth(figures, moved if cached else math.inf)
    moving = _passes(op) * moved / (rate * known.memory)
    top = max(computing, moving)
    if top <= 0:
        return 0.0, "memory"
    power = known.power
    soft = top * ((computing / top) ** power + (moving / top) ** power) ** (1 / power)
    return soft, "compute" if computing > moving else "memory"


def _passes(op: Op) -> float:
    """Return how often an op goes over what it touches: hidden weights are read at each step."""
    if op.kernel == "batch_norm_training":
        return 3.0  # for the mean, the variance and the result
    if op.op != "recurrent":
        return 1.0
    inputs, hidden = op.shape["input"], op.shape["hidden"]
    return (inputs + op.shape.get("steps", 1) * hidden) / (inputs + hidden)


def _peak(figures: Figures, dtype: str, *, anchored: bool) -> float | None:
    stated = figures.peaks.get(dtype)
    if stated is None:
        return None
    peak = float(stated.value)
    reached = figures.anchors.get(dtype)
    moved = anchored and reached is not None and abs(math.log(peak / reached)) > _ANCHOR_SLACK
    return reached if moved else peak


def bandwidth(figures: Figures, moved: float) -> float:
    """Read bytes/s off the ladder for so many bytes touched; past its ends, as at the ends."""
    stated = float(figures.bandwidth.value) if figures.bandwidth else math.nan
    steps = figures.ladder
    if not steps or moved >= steps[-1][0]:
        return stated
    if moved <= steps[0][0]:
        return steps[0][1]
    above = next(i for i, (size, _) in enumerate(steps) if size > moved)
    (low, slow), (high, fast) = steps[above - 1], steps[above]
    along = math.log(moved / low) / math.log(high / low)
    return slow * math.exp(along * math.log(fast / slow))
