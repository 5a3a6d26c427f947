"""One pass over a graph: its ops summed, with what is launched, and with the optimizer."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from advisor.operation import Op, OpGraph, scaled, work
from advisor.predict.figures import BYTES, Figures, cache_bytes
from advisor.predict.op import Clockwork
from advisor.predict.width import joined

# Bytes of a master copy, of a gradient and of an optimizer state: all stay in fp32 (torch.amp).
FULL = 4


class Step(NamedTuple):
    """Seconds of one batch, what bounds it, and how uncertain it is.

    ``own`` and ``shared`` are standard deviations of ln(seconds): of this step alone, and of
    everything predicted for the device. ``shares`` are parts of the time by op class.
    """

    seconds: float
    bound: str
    own: float
    shared: float
    shares: dict[str, float]


class _Sum:
    """Adds op times up; what launches them is counted beside."""

    def __init__(self, cold: float) -> None:
        self.cold = cold
        self.seconds = 0.0
        self.launches = 0
        self.squares = 0.0
        self.groups: dict[str, float] = {}
        self.doubts: dict[str, float] = {}
        self.bounds = {"compute": 0.0, "memory": 0.0, "launch": 0.0}

    def add(self, seconds: float, bound: str, group: str, spread: float, doubt: float) -> None:
        self.seconds += seconds
        self.bounds[bound] += seconds
        self.squares += (seconds * spread) ** 2
        self.groups[group] = self.groups.get(group, 0.0) + seconds
        self.doubts[group] = self.doubts.get(group, 0.0) + seconds * doubt


def forward(clockwork: Clockwork, graph: OpGraph, batch: int, dtype: str) -> Step | None:
    """Predict one forward pass over a batch; None where the device's figures do not allow it."""
    return run(clockwork, [scaled(op, batch) for op in graph.ops], dtype)


def run(clockwork: Clockwork, ops: Sequence[Op], dtype: str) -> Step | None:
    """Predict a list of ops in their full shapes, run one after the other."""
    total = _Sum(_cold(clockwork, ops, dtype))
    if not _passes(clockwork, total, ops, dtype, (False,)):
        return None
    return _closed(clockwork, total)


class Learning(NamedTuple):
    """What is trained: ``trained`` of the graph's parameters, each with so many states."""

    graph: OpGraph
    trained: float
    states: int


def training(clockwork: Clockwork, learning: Learning, batch: int, dtype: str) -> Step | None:
    """Predict forward, backward and the optimizer's step over a batch."""
    ops = [scaled(op, batch) for op in learning.graph.ops]
    total = _Sum(_cold(clockwork, ops, dtype))
    if not _passes(clockwork, total, ops, dtype, (False, True)):
        return None
    if not _optimize(clockwork, total, learning):
        return None
    return _closed(clockwork, total)


def _cold(clockwork: Clockwork, ops: Iterable[Op], dtype: str) -> float:
    """Return the share of the weights that leaves the cache from one pass to the next.

    The square root stands between a cache that keeps what it can and one that is washed out by
    whatever else a pass touches; tenths are fine enough.
    """
    weights = sum(op.count * work(op).weights for op in ops if op.op != "embedding")
    cache = cache_bytes(clockwork.figures)
    share = weights * BYTES.get(dtype, 4) / cache if cache else 1.0
    return round(math.sqrt(min(share, 1.0)), 1)


def _passes(
    clockwork: Clockwork, total: _Sum, ops: Iterable[Op], dtype: str, directions: tuple[bool, ...]
) -> bool:
    statistics = clockwork.constants.figures["batch_statistics"] if len(directions) > 1 else 1.0
    for op in ops:
        for backward in directions[:1] if op.kernel == "fixed" else directions:
            time = clockwork.seconds(op, dtype, backward=backward, cold=total.cold)
            if time is None:
                return False
            twice = op.kernel == "batch_norm" and not backward
            seconds = op.count * time.seconds * (statistics if twice else 1.0)
            total.add(seconds, time.bound, time.group, time.spread, time.shared)
            total.launches += op.count
    return True


def _optimize(clockwork: Clockwork, total: _Sum, learning: Learning) -> bool:
    """Read weight and gradient, read and write weight and states: a pass over memory each."""
    tensors = 2 * sum(op.count for op in learning.graph.ops if op.weights)
    elements = (3 + 2 * learning.states) * learning.trained
    op = Op(op="optimizer", reads=elements * 0.6, writes=elements * 0.4)
    time = clockwork.seconds(op, "fp32")
    if time is None:
        return False
    total.add(time.seconds, "memory", "optimizer", time.spread, time.shared)
    total.launches += tensors
    return True


def _closed(clockwork: Clockwork, total: _Sum) -> Step:
    """Join device time and launches: a queue hides the shorter, a processor does both."""
    figures, constants = clockwork.figures, clockwork.constants.figures
    launching = total.launches * launch_seconds(figures, constants)
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
    return Step(seconds, bound, own, shared, shares)


def launch_seconds(figures: Figures, constants: dict[str, float]) -> float:
    """Return what the framework takes to launch one op, measured where it was."""
    stated = constants["op_seconds"]
    return max(stated, float(figures.launch.value)) if figures.launch else stated
