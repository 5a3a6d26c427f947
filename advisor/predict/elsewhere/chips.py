"""Chips of which only the int8 rate is known: a share of it, with a wide interval."""

import math

from advisor.estimate import Basis, Estimate, Plan
from advisor.operation import batched, work
from advisor.part import Part
from advisor.predict.width import Z80, interval, inverse
from advisor.workload import Workload

# What networks reach of the int8 peak, one sample at a time: geometric mean and deviation of ln of
# 29 networks on a Hailo-8 (1 to 46 %: hailo-ai/hailo_model_zoo,
# docs/public_models/HAILO8/HAILO8_classification.rst, FPS times operations over 26 TOPS); six on a
# Coral Edge TPU (3 to 22 % of 4 TOPS: https://coral.ai/docs/edgetpu/benchmarks) lie within.
_SHARE, _SPREAD = 0.10, 1.1
_SOURCE = "29 networks on a Hailo-8, six on a Coral Edge TPU, as their makers publish them"
_INT8 = "int8"
# Besides weights of one byte there are activations and buffers: set, not fitted.
_MEMORY_SPREAD = 0.3


def estimates(workload: Workload, place: str, part: Part) -> tuple[Estimate, ...]:
    """Predict inference in int8, one sample at a time; nothing where that is not all there is.

    Weights that a chip cannot hold are streamed to it: only memory beside it counts as room.
    """
    peak = part.peaks.get(_INT8)
    if set(part.peaks) != {_INT8} or not peak or workload.graph is None:
        return ()
    plan = Plan(phase="inference", place=place, device=part.name, dtype=_INT8, batch=1)
    flops = sum(work(op).flops * op.count for op in batched(workload.graph, 1))
    seconds = interval(flops / (_SHARE * peak), _SPREAD, "s")
    apart = math.exp(Z80 * _SPREAD)
    return (
        Estimate(
            plan=plan,
            throughput=inverse(seconds, 1.0, f"{workload.unit}/s"),
            seconds=seconds,
            memory_bytes=interval(workload.graph.parameters, _MEMORY_SPREAD, "bytes"),
            memory_available=part.memory if part.bandwidth else None,
            bound="compute",
            basis=(
                Basis(
                    fact=f"matmul_peak.{_INT8}", value=peak, origin="catalogue", source=part.name
                ),
                Basis(
                    fact="share of the int8 peak", value=_SHARE, low=_SHARE / apart,
                    high=_SHARE * apart, origin="catalogue", source=_SOURCE,
                ),
            ),
            shared_spread=_SPREAD,
        ),
    )  # fmt: skip
