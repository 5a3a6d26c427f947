"""Seconds of one op on one device: its roofline, corrected by timed ops."""

import math
from collections.abc import Mapping
from operator import mul
from typing import NamedTuple

from advisor.constants import ClassConstants, ConstantSet
from advisor.operation import Op, op_class, work
from advisor.predict.figures import Figures, Point
from advisor.predict.roofline import roofline
from advisor.predict.surface import NOISE, Sample, correction, position
from advisor.predict.trend import Trait, Trend, fit, trait
from advisor.predict.width import joined

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
        self._timings: dict[tuple[str, str], list[Spot]] = {}
        self._known: dict[tuple[bytes, str, bool, Cold], OpTime | None] = {}

    def seconds(
        self, op: Op, dtype: str, *, backward: bool = False, cold: Cold = WASHED_OUT
    ) -> OpTime | None:
        """Predict one run of an op in its full shape (batch included), forward or backward.

        None where the figures do not allow it: no peak for the dtype, or no bandwidth.
        """
        key = (op.key, dtype, backward, cold)
        if key not in self._known:
            self._known[key] = self._predict(op, dtype, backward=backward, cold=cold)
        return self._known[key]

    def knows(self, op: Op, dtype: str, *, backward: bool = False) -> bool:
        """Say whether this very op was timed, in this shape."""
        timed = self._timed(op_class(op), dtype, backward=backward, cold=WASHED_OUT)
        return op.key in timed.exact

    def _predict(self, op: Op, dtype: str, *, backward: bool, cold: Cold) -> OpTime | None:
        group = op_class(op)
        known = class_constants(self.constants, group, dtype)
        base = self._base(op, known, dtype, backward=backward, cold=cold)
        if base is None:
            return None
        seconds = base[0]
        timed = self._timed(group, dtype, backward=backward, cold=cold)
        exact = timed.exact.get(op.key)
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

        The ceilings promise a gain; how much of it the kernels keep is uncertain by as much. What
        they promise to lose is lost.
        """
        known = class_constants(self.constants, other.group, "fp32")
        base = roofline(op, self.figures, known, "fp32")
        full = base[0] * (known.backward if backward else 1.0) if base else seconds
        gain = math.log(full / seconds) if seconds > 0 and full > 0 else 0.0
        kept = self.constants.figures["low_precision_gain"] if gain > 0 else 1.0
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
        rows = [(spot, spot.residual(cold)) for spot in self._spots(group, dtype)]
        if not rows:
            return Timed((), {}, None)
        known = class_constants(self.constants, group, dtype)
        trend = fit([(spot.where, level) for spot, level in rows], known.spread)
        mine = [row for row in rows if row[0].where.backward == backward]
        samples = tuple(
            Sample(spot.at, spot.where.kernel, level - trend.level(spot.where), spot.noise)
            for spot, level in mine
        )
        return Timed(samples, {spot.key: level for spot, level in mine}, trend)

    def _base(
        self, op: Op, known: ClassConstants, dtype: str, *, backward: bool, cold: Cold
    ) -> tuple[float, str] | None:
        """Return the roofline's seconds, between those in the cache and those from main memory."""
        ways = self._ways(op, known, dtype, backward=backward)
        if ways is None:
            return None
        return ways.hot * (ways.far / ways.hot) ** sum(_gone(op, cold)), ways.bound

    def _ways(
        self,
        op: Op,
        known: ClassConstants,
        dtype: str,
        *,
        backward: bool,
        anchored: bool = False,
    ) -> "Ways | None":
        """Return the roofline's seconds with all in the cache, and with nothing in it."""
        hot, far = (
            roofline(op, self.figures, known, dtype, anchored=anchored, cached=cached)
            for cached in (True, False)
        )
        if hot is None or far is None:
            return None
        times = known.backward if backward else 1.0
        seconds = [max(way[0] * times + self._calls(op), 1e-12) for way in (hot, far)]
        return Ways(seconds[0], seconds[1], hot[1])

    def _spots(self, group: str, dtype: str) -> list["Spot"]:
        """Return what of the timed ops of a class is the same in every network."""
        if (group, dtype) not in self._timings:
            points = self.figures.points.get((group, dtype), ())
            self._timings[group, dtype] = [self._spot(point, dtype) for point in points]
        return self._timings[group, dtype]

    def _spot(self, point: Point, dtype: str) -> "Spot":
        """Take ln(timed / roofline), the roofline under the peak that the surface itself had."""
        known = class_constants(self.constants, op_class(point.op), dtype)
        ways = self._ways(point.op, known, dtype, backward=point.backward, anchored=True)
        hot, apart = 0.0, 0.0
        if ways:
            hot = math.log(point.seconds / ways.hot)
            apart = math.log(point.cold / point.seconds) - math.log(ways.far / ways.hot)
        return Spot(
            where=trait(point.op, backward=point.backward),
            at=position(point.op),
            key=point.op.key,
            noise=max(point.spread, NOISE),
            hot=hot,
            apart=Cold(*(apart * share for share in _gone(point.op, Cold(1.0, 1.0, 1.0)))),
        )

    def _calls(self, op: Op) -> float:
        """Return what an optimizer's Python takes: it goes from tensor to tensor, call by call."""
        calls = OPTIMIZER_CALLS.get(op.kernel, 0) if op.op == "optimizer" else 0
        return calls * op.shape.get("n", 1) * self.constants.figures["op_seconds"] / 2


def _gone(op: Op, cold: Cold) -> Cold:
    """Return the shares of what an op touches that have left the cache."""
    done = work(op)
    whole = max(done.elements, 1.0)
    return Cold(
        cold.weights * done.weights / whole,
        cold.written * done.writes / whole,
        cold.read * done.reads / whole,
    )


class Ways(NamedTuple):
    """Seconds by the ceilings with all in the cache, with nothing in it, and what bounds them."""

    hot: float
    far: float
    bound: str


class Spot(NamedTuple):
    """A timed op: ln(timed / roofline) while all is in the cache, and what each part adds."""

    where: Trait
    at: tuple[float, ...]
    key: bytes
    noise: float
    hot: float
    apart: Cold

    def residual(self, cold: Cold) -> float:
        """Return ln(timed / roofline) with such shares out of the cache."""
        return self.hot + math.fsum(map(mul, cold, self.apart))


class Timed(NamedTuple):
    """The timed ops of one class: as a surface around their trend, and each by itself."""

    samples: tuple[Sample, ...]
    exact: Mapping[bytes, float]
    trend: Trend | None


def class_constants(constants: ConstantSet, group: str, dtype: str) -> ClassConstants:
    """Look a class up: with its dtype, else without, else as a plain elementwise op."""
    classes = constants.classes
    return classes.get(f"{group}.{dtype}") or classes.get(group) or classes["elementwise"]
