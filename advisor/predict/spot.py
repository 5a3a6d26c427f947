"""A timed op, and what is known of ops of its class: the words that `op` predicts in."""

import math
from collections.abc import Mapping
from operator import mul
from typing import NamedTuple

from advisor.constants import ClassConstants, ConstantSet
from advisor.operation import Op, work
from advisor.predict.surface import Sample
from advisor.predict.trend import Trait, Trend


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

    ``spread`` is the standard deviation of ln(seconds) of this op, ``shared`` of its class;
    ``exact`` says that this very op was timed, ``near`` that others of its class were.
    """

    seconds: float
    bound: str
    group: str
    spread: float
    shared: float
    exact: bool = False
    near: bool = False


class Ways(NamedTuple):
    """Seconds by the ceilings with all in the cache, with nothing in it, and what bounds them."""

    hot: float
    far: float
    bound: str


class Spot(NamedTuple):
    """A timed op: ln(timed / roofline) while all is in the cache, and what each part adds.

    ``noise`` is how unsure others take it to be, ``doubt`` how unsure it is of the op itself.
    """

    where: Trait
    at: tuple[float, ...]
    key: bytes
    noise: float
    doubt: float
    hot: float
    apart: Cold

    def residual(self, cold: Cold) -> float:
        """Return ln(timed / roofline) with such shares out of the cache."""
        return self.hot + math.fsum(map(mul, cold, self.apart))


class Timed(NamedTuple):
    """The timed ops of one class: as a surface around their trend, and each by itself.

    ``samples`` are in the order of the class's ground.
    """

    samples: tuple[Sample, ...]
    exact: Mapping[bytes, Sample]
    trend: Trend | None


def gone(op: Op, cold: Cold) -> Cold:
    """Return the shares of what an op touches that have left the cache."""
    done = work(op)
    whole = max(done.elements, 1.0)
    return Cold(
        cold.weights * done.weights / whole,
        cold.written * done.writes / whole,
        cold.read * done.reads / whole,
    )


def class_constants(constants: ConstantSet, group: str, dtype: str) -> ClassConstants:
    """Look a class up: with its dtype, else without, else as a plain elementwise op."""
    classes = constants.classes
    return classes.get(f"{group}.{dtype}") or classes.get(group) or classes["elementwise"]
