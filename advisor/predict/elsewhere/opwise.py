"""Seconds of a list of ops on a catalogue device: each op timed by its kind, then summed."""

import re
from collections.abc import Iterable, Mapping
from math import log2
from typing import NamedTuple

import msgspec

from advisor.errors import AdvisorError
from advisor.operation import Op, conv_output, op_class, work
from advisor.predict.elsewhere.forecast import Forecast
from advisor.predict.elsewhere.precision import element_bytes
from advisor.predict.elsewhere.silicon import Figures, Silicon, as_run, left, rate
from advisor.predict.elsewhere.tiles import Rate, Tiling, Timed, joined, product, reach, tiling


class Piece(msgspec.Struct, frozen=True):
    """One op's part of the whole: its kind, its FLOP (its place on the size scale), its time.

    ``dispatch`` are the seconds that the framework needs on the host to put it in the queue;
    ``narrow``: 8 bits or fewer, of which libraries have kernels of their own, far apart.
    """

    kind: str
    flops: float
    timed: Timed
    dispatch: float = 0.0
    narrow: bool = False


class Known(NamedTuple):
    """The fitted constants, and those of products read out of them once for all ops."""

    figures: Figures
    tilings: Mapping[str, Tiling]


class Passed(NamedTuple):
    """A list of ops, timed one by one and in sum."""

    pieces: list[Piece]
    forecast: Forecast


_PRECISIONS = ("vector", "matrix16", "matrix8")


def passed(
    ops: Iterable[tuple[Op, str]], device: Silicon, figures: Figures, *, compiled: bool = False
) -> Passed:
    """Time each op as `pieces` does, and sum them up as `forecast` does."""
    found = pieces(ops, device, figures, compiled=compiled)
    return Passed(found, forecast(found, device, figures))


def pieces(
    ops: Iterable[tuple[Op, str]], device: Silicon, figures: Figures, *, compiled: bool = False
) -> list[Piece]:
    """Time each op in its dtype; the launch of an op in a queue hides behind the one before it.

    ``compiled``: what stands between products is fused with its neighbours.
    """
    listed = [(op, as_run(device, dtype)) for op, dtype in ops]
    known = Known(figures, {name: tiling(figures, name) for name in _PRECISIONS})
    queued = sum(op.count for op, _ in listed) > 1
    found = []
    for op, dtype in listed:
        timed = _timed(op, device, dtype, known)
        if queued:
            timed = _queued(timed, figures["launch.queued"])
        kind, times = _kind(op), float(op.count)
        if compiled and not device.host and kind not in KERNELS:
            times *= figures["summary.compile.memory"]
        dispatch = times * _dispatch(kind, figures) if queued and not device.host else 0.0
        narrow = not device.host and kind in _PRODUCTS and dtype in _NARROW
        found.append(Piece(kind, work(op).flops * op.count, _times(timed, times), dispatch, narrow))
    return found


_PRODUCTS = {"gemm", "bmm"}
_NARROW = {"fp8", "int8", "fp4"}
# Kinds that have kernels of their own, compiled or not.
KERNELS = {"gemm", "bmm", "conv", "pointwise", "depthwise", "attention", "recurrent"}


def _dispatch(kind: str, figures: Figures) -> float:
    """Seconds on the host for one op, by its kind, else of a common one."""
    return figures.get(f"dispatch.{kind}", figures["dispatch"])


# Names of fused attention, whose FLOP the matrix units do.
_ATTENTION = re.compile(r"attention|attn|sdpa|mha\b|gqa\b|mla\b")


def _kind(op: Op) -> str:
    """Name the class of an op; one without a shape is told by its name."""
    if op.op == "elementwise" and op.flops and _ATTENTION.search(op.kernel):
        return "attention"
    return op_class(op)


def _queued(timed: Timed, launch: float) -> Timed:
    fixed = min(timed.fixed, launch)
    return Timed(timed.seconds - timed.fixed + fixed, timed.compute, timed.memory, fixed)


def _times(timed: Timed, count: float) -> Timed:
    return Timed(
        timed.seconds * count, timed.compute * count, timed.memory * count, timed.fixed * count
    )


def _timed(op: Op, device: Silicon, dtype: str, known: Known) -> Timed:
    if device.host:
        return _host(op, device, dtype, known.figures)
    if op.op == "gemm":
        shape = op.shape
        sizes = (shape.get("batch", 1), shape["m"], shape["n"], shape["k"])
        return _product(sizes, device, dtype, known)
    if op.op == "conv" and op_class(op) != "depthwise":
        return _conv(op, device, dtype, known)
    if _kind(op) == "attention":
        return _roofline(op, device, dtype, known, "attention")
    if op.op == "recurrent":
        return _roofline(op, device, dtype, known, "recurrent")
    return _moved(op, device, dtype, known)


def _precision(used: str) -> str:
    if used == "fp32":
        return "vector"
    return "matrix8" if used in {"fp8", "int8"} else "matrix16"


def _product(
    sizes: tuple[float, float, float, float], device: Silicon, dtype: str, known: Known
) -> Timed:
    speed, used = rate(device, dtype)
    constants = known.tilings[_precision(used)]
    pace = Rate(speed, left(device, used))
    return product(sizes, pace, element_bytes(dtype), device, constants)


def _conv(op: Op, device: Silicon, dtype: str, known: Known) -> Timed:
    """An implicit product, one per group; 3×3 of stride 1 gains what Winograd saves in fp32."""
    shape = op.shape
    high, wide = conv_output(shape)
    groups = shape.get("groups", 1)
    window = shape["r"] * shape["s"]
    sizes = (
        groups,
        shape.get("n", 1) * high * wide,
        shape["k"] / groups,
        shape["c"] / groups * window,
    )
    speed, used = rate(device, dtype)
    strided = shape.get("stride", 1) > 1
    path = "pointwise" if window == 1 else "strided" if strided else "winograd"
    speed *= known.figures[
        f"conv.{path}" if used == "fp32" or path == "pointwise" else "conv.matrix"
    ]
    constants = known.tilings[_precision(used)]
    pace = Rate(speed, left(device, used))
    timed = product(sizes, pace, element_bytes(dtype), device, constants)
    # An implicit product reads the image once, not once per window.
    done = work(op)
    moved = element_bytes(dtype) * done.elements
    memory = moved / (device.bandwidth * constants.bandwidth)
    return joined(timed.compute + timed.memory * (window == 1), memory, constants, timed.fixed)


def _roofline(op: Op, device: Silicon, dtype: str, known: Known, kind: str) -> Timed:
    speed, used = rate(device, dtype)
    constants = known.tilings[_precision(used)]
    done = work(op)
    moved = element_bytes(dtype) * done.elements
    share = known.figures[f"{kind}.share"]
    if kind == "attention":  # short sequences fill no tiles; FLOP a byte grow with their length
        share *= done.flops / (done.flops + known.figures["attention.ramp"] * moved)
    memory = moved / (device.bandwidth * constants.bandwidth)
    compute = done.flops / (speed * share) if done.flops else 0.0
    return joined(compute, memory, constants, constants.launch)


def _moved(op: Op, device: Silicon, dtype: str, known: Known) -> Timed:
    """A memory-bound op: bytes over bandwidth, from the last cache while they fit there."""
    done = work(op)
    constants = known.tilings["vector"]
    moved = element_bytes(dtype) * done.elements
    bandwidth = device.bandwidth * known.figures[f"{_path(op)}.bandwidth"]
    if device.inline:
        bandwidth *= known.figures["moved.inline"]
    memory = moved / reach(moved, device, bandwidth, known.figures["moved.cached"])
    compute = done.flops / (device.vector * device.sustain[0] * known.figures["moved.compute"])
    return joined(compute, memory, constants, known.figures["moved.launch"])


# Names of ops that read their rows twice or wait for sums over them.
_ROWS = re.compile(r"softmax|norm|^_?ln\b|^_?ln_")


def _path(op: Op) -> str:
    """Name the way a memory-bound op goes through memory."""
    if op.op == "conv":
        return "depthwise"
    return "rows" if _ROWS.search(op.kernel or op.op) else "moved"


def _host(op: Op, device: Silicon, dtype: str, figures: Figures) -> Timed:
    """A CPU: a share of the vector rate by kind, main memory, and the framework's cost an op."""
    done = work(op)
    kind = op_class(op)
    share = figures.get(f"cpu.{kind}", figures["cpu.gemm"])
    speed, _ = rate(device, dtype)
    compute = done.flops / (speed * share)
    size = element_bytes(dtype if dtype in device.rates else "fp32")
    memory = size * done.elements / (device.bandwidth * figures["cpu.bandwidth"])
    fixed = figures["cpu.op"]
    return Timed(
        max(compute, memory) + fixed,
        compute * (compute >= memory),
        memory * (memory > compute),
        fixed,
    )


# Effects of size are hats on a grid of log2(FLOP), this many binary orders apart.
_STEP = 4.0


def forecast(found: list[Piece], device: Silicon, figures: Figures) -> Forecast:
    """Sum the pieces; errors of one kind, and of one kind at one size, are shared on a device."""
    total = sum(piece.timed.seconds for piece in found)
    if not found or total <= 0:
        raise AdvisorError("predict a list of ops", "there is no op in it")
    effects: dict[str, float] = {}
    for piece in found:
        part = piece.timed.seconds / total
        spread = figures.get(f"ops.spread.{piece.kind}", figures["ops.spread"])
        _add(effects, f"{piece.kind} on {device.name}", part * spread)
        _add(effects, f"{piece.kind} on {device.architecture}", part * spread)
        if piece.narrow:  # which library
            _add(effects, f"narrow {piece.kind}", part * figures["ops.spread.narrow"])
        low, share = divmod(log2(piece.flops + 1.0), _STEP)
        share /= _STEP
        for place, weight in ((low, 1 - share), (low + 1, share)):
            name = f"{piece.kind} of size {place:g} on {device.name}"
            _add(effects, name, part * weight * figures["ops.spread.size"])
    idle = max(0.0, sum(piece.dispatch for piece in found) - total)
    if idle:
        effects["host"] = idle / (total + idle) * figures["dispatch.spread"]
    # What independent ops err by averages out over their list.
    lone = sum((_alone(piece, figures) * piece.timed.seconds / total) ** 2 for piece in found)
    noise = (figures["ops.noise"] ** 2 + lone) ** 0.5
    return Forecast(
        form="ops",
        compute=sum(piece.timed.compute for piece in found),
        memory=sum(piece.timed.memory for piece in found),
        fixed=sum(piece.timed.fixed for piece in found) + idle,
        effects=effects,
        noise=noise,
    )


def _alone(piece: Piece, figures: Figures) -> float:
    return figures["ops.noise.narrow" if piece.narrow else "ops.noise.one"]


def _add(effects: dict[str, float], name: str, value: float) -> None:
    effects[name] = effects.get(name, 0.0) + value


def trained(made: Forecast, times: float) -> Forecast:
    """Return a training step: forward, backward and the optimizer, in forward passes."""
    return msgspec.structs.replace(
        made,
        compute=times * made.compute,
        memory=times * made.memory,
        fixed=times * made.fixed,
        noise=1.5 * made.noise,
    )
