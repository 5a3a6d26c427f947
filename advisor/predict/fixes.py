"""What settings gain: how many times faster a step is with them than without.

Estimates are for eager torch with images channel by channel, on every core that may be used, fed by
as many data-loader workers as there are. `compile` and `channels_last` are gains over that,
`threads` and `workers` are what it gains over a process that asks for fewer. `checkpoint` is below
1: it computes activations anew, to save memory.
"""

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from advisor.conditions import shape_of
from advisor.estimate import Feeding, Interval, Plan
from advisor.machine import Machine
from advisor.measurement import Measurement, Quality
from advisor.operation import Op, op_class
from advisor.predict.repairs import FED, Repairs, mended, repairs
from advisor.predict.step import Step
from advisor.predict.width import Z80, joined
from advisor.profile import Profile

# Ops that compute little, which a compiler joins with their neighbours.
_FUSED = ("norm", "softmax", "special", "elementwise", "pool", "copy")
# What is left of their time, and of the time to start ops: least, likely, most. On GPUs the fit to
# timm's eager and compiled results (elsewhere.yaml, summary.compile.memory) leaves 0.45.
LEFT = (0.25, 0.45, 0.8)
# No setting makes a step faster than this share of its time.
_LEAST = 0.05
# How the time grows when a share of the cores stops working, as powers of that share: products
# nearly in proportion, or more where its cache goes with a core; memory anything from not at all
# (one core fills it) to in proportion.
_COMPUTE_POWERS = (0.85, 0.95, 1.2)
_MEMORY_POWERS = (0.0, 0.5, 1.0)
# With one thread torch hands an fp32 convolution of one pixel to another kernel where the batch is
# small (ConvParams::use_mkldnn in aten/src/ATen/native/Convolution.cpp: "THNN is faster when
# single-threaded"). Beside the usual one on one core it took half the time on an Intel Xeon, and
# 1.65 times as long on an AMD EPYC (ResNet-50 in batch 8, two guests, 2026-11). Set by these two.
_ALONE_BATCH = 16
_ALONE = (0.5, 1.65)
# Passes forward that are computed anew with checkpoints: most, likely, least. Set, not fitted.
_ANEW = (1.1, 1.0, 0.8)
Gains = dict[str, Interval]
Layouts = Mapping[tuple[str, str], tuple[float, float]]


class Settings(NamedTuple):
    """What a machine says of settings at one place.

    ``layouts`` are rates with channels last over rates with channels first, on the same shapes,
    as (mean, standard deviation) of their ln, by op class and dtype; ``fewer`` is the share of the
    cores that the environment asks for, ``alone`` whether that is one, ``lost`` what could be
    mended there.
    """

    layouts: Mapping[tuple[str, str], tuple[float, float]] = {}
    fewer: float | None = None
    alone: bool = False
    lost: Repairs = Repairs()


def settings(profile: Profile, place: str) -> Settings:
    """Read a place's settings off a profile."""
    rows = [
        row
        for row in profile.measurements
        if row.device == place and row.name == "conv" and row.quality is not Quality.INVALID
    ]
    asked = _asked(profile.machine) if place == "cpu" else None
    there = [n for n in (profile.machine.cpu.cores, profile.machine.cpu.threads_allowed) if n]
    fewer = asked / min(there) if asked and there and asked < min(there) else None
    return Settings(_layouts(rows), fewer, asked == 1, repairs(profile.machine, place))


def _asked(machine: Machine) -> float | None:
    lines = machine.capacity.get("cpu", ())
    return next((line.value for line in lines if line.level == "OMP_NUM_THREADS"), None)


def _layouts(rows: Iterable[Measurement]) -> dict[tuple[str, str], tuple[float, float]]:
    """Compare both layouts on each shape that was timed in both."""
    rates: dict[tuple[str, str, str], dict[str, float]] = {}
    for row in rows:
        shape = shape_of(row.conditions)
        if {"c", "h", "w", "k", "r", "s"} <= shape.keys():
            group = op_class(Op(op="conv", shape=shape))
            key = (group, row.dtype or "fp32", str(sorted(shape.items())))
            rates.setdefault(key, {})[str(row.conditions.get("layout"))] = row.value
    logs: dict[tuple[str, str], list[float]] = {}
    for (group, dtype, _), each in rates.items():
        if each.keys() >= {"nchw", "nhwc"}:
            logs.setdefault((group, dtype), []).append(math.log(each["nhwc"] / each["nchw"]))
    return {key: _spread(found) for key, found in logs.items()}


# What shapes of one class differ by (sd of ln) where few were timed; where none was, plain and
# pointwise convolutions stand for each other, else another precision does, twice as far apart.
# Set, not fitted: on one machine shapes of the same class gained from 10 to 40 %.
_APART = 0.1
_STANDS_FOR = {"conv": "pointwise", "pointwise": "conv"}


def _spread(found: list[float]) -> tuple[float, float]:
    mean = sum(found) / len(found)
    apart = sum((x - mean) ** 2 for x in found) + _APART**2
    return mean, math.sqrt(apart / len(found))


def gains(
    plan: Plan, step: Step | None, there: Settings, feeding: Feeding | None, *, waits: bool
) -> Gains:
    """Say what each setting gains for a plan; one that ``waits`` for data gains by workers only."""
    found = {"workers": _fed(plan, feeding)}
    if step and plan.phase == "training":
        found["checkpoint"] = _anew(step)
    if step:
        repaired = mended(plan, step, there.lost, feeding)
        found |= {name: gain for name, gain in repaired.items() if name in FED or not waits}
    if step and not waits:
        found |= {
            "compile": _compiled(plan, step, there),
            "channels_last": _channels_last(plan, step, there),
            "threads": _threaded(plan, step, there),
        }
    return {name: gain for name, gain in found.items() if gain}


def _over(slow: float, likely: float, fast: float) -> Interval:
    """Return gains from what is left of the time: most, likely, least."""
    return Interval(1 / slow, 1 / likely, 1 / fast, "1")


def _compiled(plan: Plan, step: Step, there: Settings) -> Interval:
    """Join small ops, and run convolutions with channels last, as torch's compiler does.

    On CPUs always, but only going forward: the layout is decided graph by graph, by its
    convolutions, and the graph that goes backward has only their gradients (torch 2.13,
    torch/_inductor/graph.py, decide_layout_opt). ResNet-50 and MobileNetV2 gained 1.11 to 1.20 in
    training, 1.37 to 1.90 in inference (fp32 and bf16, a guest with two cores of an EPYC, 2026-11).
    """
    small = sum(step.shares.get(name, 0.0) for name in _FUSED)
    starting = max(1 - sum(step.shares.values()), 0.0)
    layout = (1 - step.ahead * (1 - _layout_left(plan, step, there, s)) for s in (1, 0, -1))
    fast, likely, slow = (
        max(placed - (small + starting) * (1 - left), _LEAST)
        for placed, left in zip(layout, LEFT, strict=True)
    )
    return _over(slow, likely, fast)


def _anew(step: Step) -> Interval:
    """Go forward once more; what stands last in a block need not be computed again."""
    return _over(*(1 + share * step.ahead for share in _ANEW))


def _channels_last(plan: Plan, step: Step, there: Settings) -> Interval | None:
    if not _timed(plan, step, there):
        return None
    slow, likely, fast = (_layout_left(plan, step, there, side) for side in (-1, 0, 1))
    return _over(slow, likely, fast)


def _timed(plan: Plan, step: Step, there: Settings) -> dict[str, tuple[float, float]]:
    mine = (group for group in ("conv", "pointwise", "depthwise") if step.shares.get(group))
    told = {group: _layout(group, plan.dtype, there.layouts) for group in mine}
    return {group: found for group, found in told.items() if found}


def _layout(group: str, dtype: str, known: Layouts) -> tuple[float, float] | None:
    """Return what a class gains; else its like, or either in another precision, less surely."""
    if (group, dtype) in known:
        return known[group, dtype]
    like, other = _STANDS_FOR.get(group, ""), 2 * _APART
    told = [(key, _APART) for key in sorted(known) if key == (like, dtype)]
    told += [(key, other) for key in sorted(known) if key[0] == group]
    told += [(key, joined(_APART, other)) for key in sorted(known) if key[0] == like]
    if not told:
        return None
    key, apart = told[0]
    mean, deviation = known[key]
    return mean, joined(deviation, apart)


def _layout_left(plan: Plan, step: Step, there: Settings, side: float) -> float:
    """Return what channels last leaves of the time, so many 80 % half-widths from the likely."""
    saved = sum(
        step.shares[group] * (1 - math.exp(-mean - side * Z80 * deviation))
        for group, (mean, deviation) in _timed(plan, step, there).items()
    )
    return max(1 - saved, _LEAST)


def _threaded(plan: Plan, step: Step, there: Settings) -> Interval | None:
    if there.fewer is None:
        return None
    fewer = there.fewer
    slow, likely, fast = (
        step.bounds.get("compute", 0.0) * fewer**-computing
        + step.bounds.get("memory", 0.0) * fewer**-moving
        + step.bounds.get("launch", 0.0)
        for computing, moving in zip(_COMPUTE_POWERS, _MEMORY_POWERS, strict=True)
    )
    other = there.alone and plan.dtype == "fp32" and plan.batch < _ALONE_BATCH
    pixels = step.shares.get("pointwise", 0.0) / fewer if other else 0.0
    less, more = (pixels * abs(kernel - 1) for kernel in _ALONE)
    low = likely - math.hypot(likely - slow, less)
    return Interval(max(low, 1.0), likely, likely + math.hypot(fast - likely, more), "1")


def _fed(plan: Plan, feeding: Feeding | None) -> Interval | None:
    """Return what workers gain over loading in between: one after the other, not side by side."""
    if plan.phase != "training" or feeding is None or feeding.worker is None:
        return None
    one, rate = feeding.worker, feeding.compute
    fed = feeding.input or rate
    low, likely, high = (
        (1 / step + 1 / load) * min(step, all_loads)
        for step, load, all_loads in (
            (rate.low, one.high, fed.low),
            (rate.likely, one.likely, fed.likely),
            (rate.high, one.low, fed.high),
        )
    )
    return Interval(max(low, 1.0), max(likely, 1.0), max(high, 1.0), "1")
