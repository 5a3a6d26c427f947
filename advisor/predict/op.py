"""Seconds of one op on one device: its roofline, corrected by timed ops."""

import math

from advisor.constants import ClassConstants, ConstantSet
from advisor.operation import Op, op_class, viewed, work
from advisor.predict import recurrent
from advisor.predict.figures import Figures, Point, cache_bytes, touched
from advisor.predict.host import most_start, pace, stepping_seconds
from advisor.predict.roofline import roofline
from advisor.predict.spot import (
    WASHED_OUT,
    Cold,
    OpTime,
    Spot,
    Timed,
    Ways,
    class_constants,
    gone,
)
from advisor.predict.surface import NOISE, Ground, Place, Sample, correction, position
from advisor.predict.trend import Seen, fit, trait
from advisor.predict.width import joined

# Few rows leave threads idle and walk many pages: weights come in at less than the rate of a stream
# by all threads (products of one to eight rows on a guest of two cores: 0.55 to 0.9 of it).
_ALONE = 2.0
# An op whose own timing is less sure than this (ln) is told by those around it as well: those of
# its class differ by as much (efficiencies spread by e^0.5 to e^0.8).
_SOUND = 0.5
# The part of an op's own deviation that others of its class share with it. Chosen with `near` of
# `single` and the constants `own_spread` and `graph_spread`, for four in five of 140 cases to hold.
_TOGETHER = 1 / 3

_NOTHING, _ALL = Cold(0.0, 0.0, 0.0), Cold(1.0, 1.0, 1.0)


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
        self._grounds: dict[tuple[str, str], Ground] = {}
        self._rates: dict[str, float] = {}
        self._starts: dict[tuple[str, str, bool], float] = {}
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
        points = self.figures.points.get((op_class(op), dtype), ())
        return any(p.op.key == op.key and p.backward == backward for p in points)

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
            own = seconds * math.exp(exact.residual)
            return OpTime(own, base[1], group, exact.noise, 0.0, exact=True)
        if viewed(op, backward=backward):
            return OpTime(self._launch(), "memory", group, known.spread, 0.0)
        if not timed.samples and dtype != "fp32":
            other = self.seconds(op, "fp32", backward=backward, cold=cold)
            if other is not None:
                return self._promised(op, seconds, other, backward=backward)
        level, doubt, own = 0.0, 0.0, known.spread
        if timed.trend:
            level, doubt = timed.trend.at(trait(op, backward=backward))
            own = timed.trend.spread
        left = correction(op, self._ground(group, dtype), timed.samples, own, backward=backward)
        spread = joined(left.spread, doubt)
        shared = known.measured_spread if timed.samples else known.spread
        shared = max(shared, _TOGETHER * spread)
        factor, near = math.exp(level + left.residual), bool(timed.samples)
        return OpTime(seconds * factor, base[1], group, spread, shared, near=near)

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
            near=False,
        )

    def _timed(self, group: str, dtype: str, *, backward: bool, cold: Cold) -> Timed:
        key = (group, dtype, backward, cold)
        if key not in self._samples:
            self._samples[key] = self._surface(group, dtype, backward=backward, cold=cold)
        return self._samples[key]

    def _surface(self, group: str, dtype: str, *, backward: bool, cold: Cold) -> Timed:
        """Compare the timed ops of a class with the roofline; the trend is of both directions."""
        rows = [(spot, spot.residual(cold)) for spot in self._spots(group, dtype)]
        if not rows:
            return Timed((), {}, None)
        known = class_constants(self.constants, group, dtype)
        trend = fit([Seen(spot.where, level, spot.noise) for spot, level in rows], known.spread)
        samples = tuple(Sample(level - trend.level(spot.where), spot.noise) for spot, level in rows)
        mine = {
            spot.key: Sample(level, spot.doubt)
            for spot, level in rows
            if spot.where.backward == backward and spot.doubt <= _SOUND
        }
        return Timed(samples, mine, trend)

    def _ground(self, group: str, dtype: str) -> Ground:
        if (group, dtype) not in self._grounds:
            spots = self._spots(group, dtype)
            places = [Place(spot.at, *spot.where[1:]) for spot in spots]
            self._grounds[group, dtype] = Ground(places)
        return self._grounds[group, dtype]

    def _base(
        self, op: Op, known: ClassConstants, dtype: str, *, backward: bool, cold: Cold
    ) -> tuple[float, str] | None:
        """Return the roofline's seconds, between those in the cache and those from main memory."""
        ways = self._ways(op, known, dtype, backward=backward)
        if ways is None:
            return None
        return ways.hot * (ways.far / ways.hot) ** sum(gone(op, cold)), ways.bound

    def _ways(
        self, op: Op, known: ClassConstants, dtype: str, *, backward: bool, anchored: bool = False
    ) -> Ways | None:
        """Return the roofline's seconds with all in the cache, and with nothing in it."""
        if op.op == "recurrent":
            return self._steps(op, dtype, backward=backward)
        hot, far = (
            roofline(
                op, self.figures, known, dtype, anchored=anchored, cached=cached, backward=backward
            )
            for cached in (True, False)
        )
        if hot is None or far is None:
            return None
        times = known.backward if backward else 1.0
        start = self._start(op_class(op), dtype, backward=backward)
        start += stepping_seconds(op, self.figures, self.constants.figures)
        seconds = [max(way[0] * times + start, 1e-12) for way in (hot, far)]
        return Ways(seconds[0], seconds[1], hot[1])

    def _steps(self, op: Op, dtype: str, *, backward: bool) -> Ways | None:
        """Add up what a recurrent layer runs; after its first step its weights are in the cache."""
        calls = recurrent.calls(op, backward=backward) * self._launch() / 2
        calls += op.shape.get("steps", 1) * self._step(op.kernel, dtype, backward=backward)
        return self._run(op, calls, dtype, backward=backward)

    def _step(self, kernel: str, dtype: str, *, backward: bool) -> float:
        """Return what a step of a recurrent layer takes besides: the least that was seen."""
        key = (kernel, dtype, backward)
        if key not in self._starts:
            self._starts[key] = 0.0
            points = self.figures.points.get(("recurrent", dtype), ())
            mine = [p for p in points if p.backward == backward and p.op.kernel == kernel]
            bare = [self._steps(p.op, dtype, backward=backward) for p in mine]
            rest = [
                (p.seconds - ways.hot) / p.op.shape.get("steps", 1)
                for p, ways in zip(mine, bare, strict=True)
                if ways
            ]
            self._starts[key] = min(max(min(rest, default=0.0), 0.0), most_start(self.figures))
        return self._starts[key]

    def _run(self, op: Op, calls: float, dtype: str, *, backward: bool) -> Ways | None:
        hot = far = max(calls, 1e-12)
        bounds: dict[str, float] = {}
        take = self.seconds if op.kernel in recurrent.CALLS else self._fused
        for part in recurrent.parts(op, backward=backward):
            near, away = (
                take(part.op, dtype, backward=part.backward, cold=cold) for cold in (_NOTHING, _ALL)
            )
            if near is None or away is None:
                return None
            hot += part.times * near.seconds
            far += part.times * near.seconds + max(away.seconds - near.seconds, 0.0)
            bounds[near.bound] = bounds.get(near.bound, 0.0) + part.times * near.seconds
        return Ways(hot, far, max(bounds, key=lambda name: bounds[name]))

    def _fused(self, op: Op, dtype: str, *, backward: bool, cold: Cold) -> OpTime | None:
        """Return a product inside a fused kernel: as fast as any kernel was seen to compute."""
        known = class_constants(self.constants, "gemm", dtype)
        base = roofline(
            op, self.figures, known, dtype, cached=cold == _NOTHING, peak=self._best(dtype)
        )
        times = known.backward if backward else 1.0
        return OpTime(base[0] * times, base[1], "gemm", known.spread, 0.0) if base else None

    def _best(self, dtype: str) -> float:
        """Return the highest rate that a timed op reached, FLOP/s."""
        if dtype not in self._rates:
            rates = [
                work(p.op).flops / p.seconds
                for (_, name), points in self.figures.points.items()
                if name == dtype
                for p in points
                if not p.backward
            ]
            self._rates[dtype] = max(rates, default=0.0)
        return self._rates[dtype]

    def _launch(self) -> float:
        """Return what calling one small kernel takes, measured where it was; a queue hides it."""
        known = self.constants.figures
        if known.get("queue"):
            return 0.0
        return known["launch_seconds"] * pace(self.figures, known)

    def _start(self, group: str, dtype: str, *, backward: bool) -> float:
        """Return what starting a kernel of a class takes: what the fastest took beyond its work."""
        key = (group, dtype, backward)
        if key not in self._starts:
            points = self.figures.points.get((group, dtype), ())
            mine = [p for p in points if p.backward == backward]
            fastest = min(mine, key=lambda p: p.seconds, default=None)
            self._starts[key] = self._excess(fastest, dtype) if fastest else 0.0
        return self._starts[key]

    def _excess(self, point: Point, dtype: str) -> float:
        """Return what a timed op took beyond what its class usually takes for as much work."""
        known = class_constants(self.constants, op_class(point.op), dtype)
        back = point.backward
        base = roofline(point.op, self.figures, known, dtype, anchored=True, backward=back)
        usual = base[0] * (known.backward if back else 1.0) if base else point.seconds
        return min(max(point.seconds - usual, 0.0), most_start(self.figures))

    def _spots(self, group: str, dtype: str) -> list[Spot]:
        """Return what of the timed ops of a class is the same in every network."""
        if (group, dtype) not in self._timings:
            points = self.figures.points.get((group, dtype), ())
            self._timings[group, dtype] = [self._spot(point, dtype) for point in points]
        return self._timings[group, dtype]

    def _spot(self, point: Point, dtype: str) -> Spot:
        """Take ln(timed / roofline), the roofline under the peak that the surface itself had."""
        known = class_constants(self.constants, op_class(point.op), dtype)
        ways = self._ways(point.op, known, dtype, backward=point.backward, anchored=True)
        hot, apart = 0.0, 0.0
        if ways:
            hot = math.log(point.seconds / ways.hot)
            first = min(point.cold, point.seconds + self._fetched(point.op, known, dtype))
            apart = math.log(first / point.seconds) - math.log(ways.far / ways.hot)
        return Spot(
            where=trait(point.op, backward=point.backward),
            at=position(point.op),
            key=point.op.key,
            noise=max(point.spread, NOISE),
            doubt=max(point.doubt, NOISE),
            hot=hot,
            apart=Cold(*(apart * share for share in gone(point.op, Cold(1.0, 1.0, 1.0)))),
        )

    def _fetched(self, op: Op, known: ClassConstants, dtype: str) -> float:
        """Return the most that a call takes longer because nothing of it is in the cache.

        What is larger than the cache was cold all along; a call that takes longer than reading all
        it touches by one thread of several shows other things than memory.
        """
        if self.figures.bandwidth is None:
            return 0.0
        size = min(touched(op, dtype), cache_bytes(self.figures) or math.inf)
        return _ALONE * size / (float(self.figures.bandwidth.value) * known.memory)
