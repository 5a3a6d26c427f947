"""What torch.compile gains on a catalogue device: small ops are joined, products stay."""

from collections.abc import Callable, Iterable

from advisor.estimate import Interval
from advisor.predict.elsewhere.opwise import KERNELS, Piece
from advisor.predict.fixes import LEFT


def gain(pieces: Iterable[Piece], times: float, wait: Callable[[float], float]) -> Interval:
    """Return how many times faster a step is when compiled.

    ``times`` is the step in passes of the pieces; ``wait`` says how long a step of so many seconds
    waits for a link besides, which no compiler shortens.
    """
    listed = list(pieces)
    most, likely, least = (
        _seconds(listed, 1.0, times, wait) / _seconds(listed, left, times, wait) for left in LEFT
    )
    return Interval(least, likely, most, "1")


def shared(gain: Interval, alone: float, wait: Callable[[float], float]) -> Interval:
    """Return what is left of a gain of one device where several of it wait for each other."""
    before = alone + wait(alone)
    low, likely, high = (
        before / (alone / g + wait(alone / g)) for g in (gain.low, gain.likely, gain.high)
    )
    return Interval(low, likely, high, gain.unit)


def _seconds(
    pieces: list[Piece], left: float, times: float, wait: Callable[[float], float]
) -> float:
    """Sum a step in which what has no kernel of its own takes so much of its time."""
    computing = queued = 0.0
    for piece in pieces:
        share = 1.0 if piece.kind in KERNELS else left
        computing += share * piece.timed.seconds
        queued += share * piece.dispatch
    step = times * max(computing, queued)
    return step + wait(step)
