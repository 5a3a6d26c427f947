"""Seconds of one op on one device: a roofline with soft corners, corrected by timed ops."""

import math
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from advisor.constants import ClassConstants, ConstantSet
from advisor.operation import Op, op_class, work
from advisor.predict.figures import BYTES, Figures, Point
from advisor.predict.surface import NOISE, Sample, correction, position

# A planted or stale peak this far (in ln) from the best of the surface moves the whole surface.
_ANCHOR_SLACK = 0.15


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
        self._samples: dict[tuple[str, str, bool, float], Timed] = {}
        self._known: dict[tuple[bytes, str, bool, float], OpTime | None] = {}

    def seconds(
        self, op: Op, dtype: str, *, backward: bool = False, cold: float = 1.0
    ) -> OpTime | None:
        """Predict one run of an op in its full shape (batch included), forward or backward.

        ``cold`` is the share of its weights that has left the cache since the last pass; its input
        was just written. None where the figures do not allow
        it: no peak for the dtype, or no bandwidth.
        """
        key = (_key(op), dtype, backward, cold)
        if key not in self._known:
            self._known[key] = self._predict(op, dtype, backward=backward, cold=cold)
        return self._known[key]

    def knows(self, op: Op, dtype: str, *, backward: bool = False) -> bool:
        """Say whether this very op was timed, in this shape."""
        timed = self._timed(op_class(op), dtype, backward=backward, cold=1.0)
        return _key(op) in timed.exact

    def _predict(self, op: Op, dtype: str, *, backward: bool, cold: float) -> OpTime | None:
        group = op_class(op)
        known = class_constants(self.constants, group, dtype)
        base = roofline(op, self.figures, known, dtype)
        if base is None:
            return None
        seconds = base[0] * (known.backward if backward else 1.0)
        timed = self._timed(group, dtype, backward=backward, cold=cold)
        exact = timed.exact.get(_key(op))
        if exact is not None:
            return OpTime(seconds * math.exp(exact), base[1], group, NOISE, 0.0)
        if not timed.samples and dtype != "fp32":
            other = self.seconds(op, "fp32", backward=backward, cold=cold)
            if other is not None:
                return self._promised(op, seconds, other, backward=backward)
        left = correction(op, timed.samples, known.spread)
        shared = known.measured_spread if timed.samples else known.spread
        shared = max(shared, left.spread / 2)
        return OpTime(seconds * math.exp(left.residual), base[1], group, left.spread, shared)

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

    def _timed(self, group: str, dtype: str, *, backward: bool, cold: float) -> "Timed":
        key = (group, dtype, backward, cold)
        if key not in self._samples:
            points = self.figures.points.get((group, dtype), ())
            rows = [
                (p, self._residual(p, dtype, cold=cold)) for p in points if p.backward == backward
            ]
            self._samples[key] = Timed(
                samples=tuple(
                    Sample(position(p.op), p.op.kernel, r, max(p.spread, NOISE)) for p, r in rows
                ),
                exact={_key(p.op): r for p, r in rows},
            )
        return self._samples[key]

    def _residual(self, point: Point, dtype: str, *, cold: float) -> float:
        """Return ln(timed / roofline), the roofline under the peak that the surface itself had."""
        known = class_constants(self.constants, op_class(point.op), dtype)
        base = roofline(point.op, self.figures, known, dtype, anchored=True)
        expected = base[0] * (known.backward if point.backward else 1.0) if base else 0.0
        if expected <= 0:
            return 0.0
        hot, apart = math.log(point.seconds / expected), math.log(point.cold / point.seconds)
        done = work(point.op)
        share = done.weights / done.elements if done.elements else 0.0
        return hot + cold * share * apart


class Timed(NamedTuple):
    """The timed ops of one class: as a surface, and each by itself."""

    samples: tuple[Sample, ...]
    exact: Mapping[bytes, float]


def _key(op: Op) -> bytes:
    sizes = (op.op, op.kernel, op.reads, op.writes, op.weights, sorted(op.shape.items()))
    return msgspec.msgpack.encode(sizes)


def class_constants(constants: ConstantSet, group: str, dtype: str) -> ClassConstants:
    """Look a class up: with its dtype, else without, else as a plain elementwise op."""
    classes = constants.classes
    return classes.get(f"{group}.{dtype}") or classes.get(group) or classes["elementwise"]


def roofline(
    op: Op, figures: Figures, known: ClassConstants, dtype: str, *, anchored: bool = False
) -> tuple[float, str] | None:
    """Return seconds and what bounds them, by the ceilings alone.

    ``anchored`` takes the peak that the timed surface reached, where that is another.
    """
    peak = _peak(figures, dtype, anchored=anchored)
    done = work(op)
    if figures.bandwidth is None or (peak is None and done.flops):
        return None
    moved = done.elements * BYTES.get(dtype, 4)
    computing = done.flops / (peak * known.compute) if peak else 0.0
    moving = _passes(op) * moved / (bandwidth(figures, moved) * known.memory)
    top = max(computing, moving)
    if top <= 0:
        return 0.0, "memory"
    power = known.power
    soft = top * ((computing / top) ** power + (moving / top) ** power) ** (1 / power)
    return soft, "compute" if computing > moving else "memory"


def _passes(op: Op) -> float:
    """Return how often an op goes over what it touches: hidden weights are read at each step."""
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
