"""One pass over a graph: its ops summed, with what is launched, and with the optimizer."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from advisor.operation import Op, OpGraph, work
from advisor.predict import passes
from advisor.predict.figures import BYTES, cache_bytes
from advisor.predict.host import code_seconds, host_seconds
from advisor.predict.op import Clockwork
from advisor.predict.passes import Learning, Pass
from advisor.predict.spot import Cold, OpTime
from advisor.predict.width import joined

# Of a backward pass, where the weights take no gradient: one of its two products.
_FROZEN = 0.5


class Step(NamedTuple):
    """Seconds of one batch, what bounds it, and how uncertain it is.

    ``own`` and ``shared`` are standard deviations of ln(seconds): of this step alone, and of
    everything predicted for the device. ``shares`` are parts of the time by op class, ``bounds`` by
    what limits it, ``ahead`` is the part that goes forward, ``timed`` that of ops which were timed,
    ``near`` that of others whose class was.
    """

    seconds: float
    bound: str
    own: float
    shared: float
    shares: dict[str, float]
    bounds: dict[str, float]
    ahead: float = 1.0
    timed: float = 0.0
    near: float = 0.0


class _Sum:
    """Adds op times up; what launches them is counted beside."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.ahead = 0.0
        self.timed = 0.0
        self.near = 0.0
        self.back = 0
        self.front = 0
        self.learned = False
        self.fetched = 0.0
        self.squares = 0.0
        self.groups: dict[str, float] = {}
        self.doubts: dict[str, float] = {}
        self.bounds = {"compute": 0.0, "memory": 0.0, "launch": 0.0}

    def add(self, time: OpTime, count: int, *, backward: bool = False) -> None:
        self.back += count if backward else 0
        self.front += 0 if backward else count
        seconds, group = count * time.seconds, time.group
        self.seconds += seconds
        self.timed += seconds if time.exact else 0.0
        self.near += seconds if time.near else 0.0
        self.bounds[time.bound] += seconds
        self.squares += (seconds * time.spread) ** 2
        self.groups[group] = self.groups.get(group, 0.0) + seconds
        self.doubts[group] = self.doubts.get(group, 0.0) + seconds * time.shared


def forward(clockwork: Clockwork, graph: OpGraph, batch: int, dtype: str) -> Step | None:
    """Predict one forward pass over a batch; None where the device's figures do not allow it."""
    kept = graph.workspace * batch
    return _sum(clockwork, passes.forward(graph, batch), dtype, kept)


def run(clockwork: Clockwork, ops: Sequence[Op], dtype: str) -> Step | None:
    """Predict a list of ops in their full shapes, run one after the other."""
    widest = max((work(op).writes for op in ops), default=0.0)
    return _sum(clockwork, [(op, False) for op in ops], dtype, 2 * widest)


def training(clockwork: Clockwork, taught: Learning, batch: int, dtype: str) -> Step | None:
    """Predict forward, backward and the optimizer's step over a batch."""
    last = passes.updating(taught) if taught.trained else []
    kept = taught.graph.activations * batch
    return _sum(clockwork, passes.training(taught.graph, batch), dtype, kept, last, taught.states)


def _sum(  # noqa: PLR0913, PLR0917 - what a step is made of
    clockwork: Clockwork,
    ops: Sequence[Pass],
    dtype: str,
    kept: float,
    last: Sequence[Op] = (),
    states: int = 0,
) -> Step | None:
    """Add up the ops of a step, which keeps so many activations alive.

    ``last`` updates the weights, which stay in fp32 (torch.amp), with so many states a parameter.
    """
    total = _Sum()
    # Each step goes over gradients and states as well, which push the weights out of the cache.
    moved = _weights(ops) + (1 + states) * sum(op.weights for op in last)
    cold = _cold(clockwork, dtype, moved, kept)
    for op, backward in ops:
        time = clockwork.seconds(op, dtype, backward=backward, cold=cold[backward])
        if time is None:
            return None
        if backward and op.frozen:
            time = time._replace(seconds=_FROZEN * time.seconds)
        total.add(time, op.count, backward=backward)
        total.ahead += 0.0 if backward else op.count * time.seconds
    gone = cold[True].weights
    for op in last:
        time = clockwork.seconds(op, "fp32", cold=Cold(gone, gone, gone))
        if time is None:
            return None
        total.add(time, op.count)
    total.learned = bool(last)
    ran = Counter(op.count for op in (*(op for op, _ in ops), *last))
    total.fetched = sum(
        n * times * _gone(clockwork, max(moved, kept) / n, dtype) for n, times in ran.items()
    )
    return _closed(clockwork, total)


def _weights(ops: Iterable[Pass]) -> float:
    """Return the weights that a pass goes over, each once; of a table it reads few."""
    forward = (op for op, backward in ops if not backward and op.op != "embedding")
    return sum(op.count * work(op).weights for op in forward if not op.tied)


def _cold(clockwork: Clockwork, dtype: str, moved: float, kept: float) -> dict[bool, Cold]:
    """Return what has left the cache when a pass goes forward, and (True) backward.

    Forward, an op's input was just written; backward, half of what it reads was kept since.
    """
    weights, written = (_gone(clockwork, elements, dtype) for elements in (moved, kept))
    return {False: Cold(weights, written, 0.0), True: Cold(weights, written, written / 2)}


def _gone(clockwork: Clockwork, elements: float, dtype: str) -> float:
    """Return the share of so many elements that leaves the cache before it is touched again.

    The square root stands between a cache that keeps what it can and one that is washed out by
    whatever else a pass touches; quarters are fine enough.
    """
    cache = cache_bytes(clockwork.figures)
    share = elements * BYTES.get(dtype, 4) / cache if cache else 1.0
    return round(4 * math.sqrt(min(share, 1.0))) / 4


def _closed(clockwork: Clockwork, total: _Sum) -> Step:
    """Join device time and launches: a queue hides the shorter, a processor does both."""
    figures, constants = clockwork.figures, clockwork.constants.figures
    launching = host_seconds(figures, constants, total.front, total.back, learned=total.learned)
    launching += code_seconds(figures, constants, total.fetched, training=total.back > 0)
    device = total.seconds
    if constants.get("queue"):
        seconds = max(device, launching) + constants.get("sync_seconds", 0.0)
        total.bounds["launch"] = max(launching - device, 0.0)
    else:
        seconds = device + launching
        total.bounds["launch"] = launching
    own = joined(total.squares**0.5 / device if device else 0.0, constants["graph_spread"])
    shared = joined(*(doubt / device for doubt in total.doubts.values())) if device else 0.0
    bound = max(total.bounds, key=lambda name: total.bounds[name])
    shares = {group: part / seconds for group, part in total.groups.items()}
    bounds = {name: part / seconds for name, part in total.bounds.items()} if seconds else {}
    ahead = total.ahead / device if device else 1.0
    timed, near = (part / device if device else 0.0 for part in (total.timed, total.near))
    return Step(seconds, bound, own, shared, shares, bounds, ahead, timed, near)


def unpacking(clockwork: Clockwork, step: Step, weights: float) -> Step:
    """Add what it takes to unpack so many weights once, with a multiply and an add for each."""
    figures, constants = clockwork.figures, clockwork.constants.figures
    vector = figures.peaks.get("fp32")
    if vector is None:
        return step
    added = 2 * weights / (constants["unpack_share"] * float(vector.value))
    total = step.seconds + added
    doubt = joined(step.own, constants["unpack_spread"])
    return step._replace(seconds=total, own=doubt)
