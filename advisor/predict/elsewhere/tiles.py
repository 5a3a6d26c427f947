"""Seconds of a matrix product on a GPU: tiles, waves of tiles over the units, memory, launch.

A product is cut into tiles, the tiles run in waves over the units (SMs), and a tile pays a fixed
prologue besides its contraction. The fastest of a few tile shapes and splits of the contraction is
taken, as a library's heuristic would. All constants are fitted (`rules/constants/elsewhere.yaml`).
"""

from math import ceil, prod
from typing import NamedTuple

import msgspec

from advisor.predict.elsewhere.silicon import Figures, Silicon


class Timed(msgspec.Struct, frozen=True):
    """Seconds, and how they would change: the shares due to compute, memory and fixed cost."""

    seconds: float
    compute: float
    memory: float
    fixed: float


class Rate(NamedTuple):
    """FLOP/s that the power limit leaves under full load, and how much of that at boost it is."""

    sustained: float
    left: float = 1.0


class Tiling(msgspec.Struct, frozen=True):
    """The fitted constants of one precision: vector units, or matrix units at 16 or 8 bits.

    ``tiles`` are (rows, columns, share of the rate); ``prologue`` is in elements of contraction;
    ``bandwidth`` the share of memory bandwidth; ``cached`` bytes per unit and clock out of the last
    cache; ``power`` joins compute and memory time; ``smooth`` is how far a last, part-filled wave
    costs less than a full one; ``launch`` is in seconds at 1.6 GHz.
    """

    tiles: tuple[tuple[int, int, float], ...]
    prologue: float
    bandwidth: float
    cached: float
    power: float
    smooth: float
    launch: float


def tiling(figures: Figures, name: str) -> Tiling:
    """Read the constants of one precision out of the figures."""
    prefix = f"gemm.{name}."
    shapes = sorted(key for key in figures if key.startswith(f"{prefix}tile."))
    tiles = tuple((*_sides(key), figures[key]) for key in shapes)
    rest = ("prologue", "bandwidth", "cached", "power", "smooth", "launch")
    return Tiling(tiles, *(figures[prefix + key] for key in rest))


def _sides(key: str) -> tuple[int, int]:
    rows, _, columns = key.rpartition(".")[2].partition("x")
    return int(rows), int(columns)


_SPLITS = (1, 2, 4, 8)


def product(
    shape: tuple[float, float, float, float],
    rate: Rate,
    size: float,
    device: Silicon,
    constants: Tiling,
) -> Timed:
    """Return the time of ``batch`` products (m×k)·(k×n); ``size`` is bytes of an element.

    A product that leaves the units idle for a while draws less, and runs nearer to boost.
    """
    full = rate.sustained / rate.left
    compute, memory, launch = _parts(shape, full, size, device, constants)
    if rate.left < 1.0:
        ideal = 2.0 * prod(shape) / full / max(share for *_, share in constants.tiles)
        compute /= _pace(rate.left, ideal, (compute, memory, launch), constants.power)
    return joined(compute, memory, constants, launch)


# Clock goes with power to this exponent (`power.exponent` of the constants is the same); units that
# wait take this share of what busy ones take: clocks, leakage and memory go on.
_POWER = 0.75
_IDLE = 0.35


def _pace(left: float, ideal: float, parts: tuple[float, float, float], power: float) -> float:
    """Return the share of boost at which the units are as busy as the power limit lets them be.

    Slower units are busier, so that the two are found together.
    """
    compute, memory, launch = parts
    pace = 1.0
    for _ in range(_STEPS):
        seconds = ((compute / pace) ** power + memory**power) ** (1 / power) + launch
        pace = min(1.0, left / (_IDLE + (1 - _IDLE) * ideal / pace / seconds) ** _POWER)
    return pace


# Each step halves what is missing, at least.
_STEPS = 16


def _parts(
    shape: tuple[float, float, float, float],
    rate: float,
    size: float,
    device: Silicon,
    constants: Tiling,
) -> tuple[float, float, float]:
    """Return the seconds of computing, of moving and of the launch."""
    batch, m, n, k = shape
    bandwidth = device.bandwidth * constants.bandwidth
    extra = batch * m * n * 8.0 / bandwidth  # a split writes and reads fp32 partial sums
    units, smooth = device.units or 0.0, constants.smooth
    # Of each split: how often the blocks, what of the contraction, and what it costs besides.
    splits = [(s, k / s + constants.prologue, (s > 1) * s * extra) for s in _SPLITS]
    best = float("inf")
    for rows, columns, share in constants.tiles:
        blocks = batch * ceil(m / rows) * ceil(n / columns)
        tile = rows * columns * 2.0 * (units or 1.0) / (rate * share)
        for split, steps, cost in splits:
            seconds = _waves(blocks * split, units, smooth) * tile * steps + cost
            best = min(best, seconds)
    moved = size * batch * (m * k + k * n + m * n)
    launch = constants.launch * (_CLOCK / device.clock if device.clock else 1.0)
    return best, moved / reach(moved, device, bandwidth, constants.cached), launch


# Launches are so many cycles: L40S at 2.5 GHz needs two thirds of the time of an A100 at 1.4.
_CLOCK = 1.6e9
# Shares of the last cache that a working set may take to be wholly in it, and to be out of it.
_INSIDE, _OUTSIDE = 0.2, 0.45


def reach(moved: float, device: Silicon, bandwidth: float, cached: float) -> float:
    """Return bytes/s for a working set: the last cache's rate where it fits there and is faster.

    ``cached`` is in bytes per unit and clock.
    """
    if not device.cache or not device.units or not device.clock:
        return bandwidth
    inside = max(bandwidth, device.units * device.clock * cached)
    share = (_OUTSIDE - moved / device.cache) / (_OUTSIDE - _INSIDE)
    share = min(1.0, max(0.0, share))
    return float(inside**share * bandwidth ** (1 - share))


def _waves(blocks: float, units: float, smooth: float) -> float:
    if not units:
        return blocks
    waves = blocks / units
    return (1 - smooth) * ceil(waves) + smooth * (max(1.0, waves))


def joined(compute: float, memory: float, constants: Tiling, launch: float) -> Timed:
    """Join compute and memory time by the p-norm, and add the launch."""
    power = constants.power
    a, b = compute**power, memory**power
    if a + b == 0:
        return Timed(launch, 0.0, 0.0, launch)
    body = (a + b) ** (1 / power)
    return Timed(body + launch, body * a / (a + b), body * b / (a + b), launch)
