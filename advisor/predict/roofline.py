"""The ceilings of a device: seconds of an op by its peak and its bandwidth, with soft corners."""

import math

from advisor.constants import ClassConstants
from advisor.operation import Op, window, work
from advisor.predict.figures import BYTES, Figures

# A planted or stale peak this far (in ln) from the best of the surface moves the whole surface.
_ANCHOR_SLACK = 0.15


def roofline(  # noqa: PLR0913 - what a roofline depends on
    op: Op,
    figures: Figures,
    known: ClassConstants,
    dtype: str,
    *,
    anchored: bool = False,
    cached: bool = True,
    backward: bool = False,
    peak: float = 0.0,
) -> tuple[float, str] | None:
    """Return seconds and what bounds them, by the ceilings alone.

    Both are of the pass forward, but for what goes ``backward`` without computing at all.
    ``anchored`` takes the peak that the timed surface reached, where that is another; what is not
    ``cached`` comes from main memory, however little it is; ``peak`` is one that
    other kernels reached.
    """
    stated = _peak(figures, dtype, anchored=anchored)
    top_rate = max(stated, peak) if stated else None
    done = work(op)
    if figures.bandwidth is None or (top_rate is None and done.flops):
        return None
    moved = done.elements * BYTES.get(dtype, 4)
    # Kinds without a shape move their elements; what little they compute hides behind that.
    flops = (done.flops or _compared(op, backward=backward)) if op.shape else 0.0
    computing = flops / (top_rate * known.compute) if top_rate else 0.0
    # An optimizer is done with one tensor before it takes the next.
    at_once = moved / op.shape.get("n", 1) if op.op == "optimizer" else moved
    rate = bandwidth(figures, at_once if cached else math.inf)
    moving = _passes(op) * moved / (rate * known.memory)
    top = max(computing, moving)
    if top <= 0:
        return 0.0, "memory"
    power = known.power
    soft = top * ((computing / top) ** power + (moving / top) ** power) ** (1 / power)
    return soft, "compute" if computing > moving else "memory"


def _compared(op: Op, *, backward: bool) -> float:
    """Return the places that a pool looks at; backward, only a maximum's place is looked up."""
    return 0.0 if backward and "max" in op.kernel else work(op).writes * window(op)


def _passes(op: Op) -> float:
    """Return how often an op goes over what it touches."""
    # for the mean, the variance and the result
    return 3.0 if op.kernel == "batch_norm_training" else 1.0


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
