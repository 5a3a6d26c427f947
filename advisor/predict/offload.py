"""A language model that a GPU cannot hold: some layers there, the others on the CPU.

The layers run one after the other, so a step takes each side's share of the layers of what the
whole model would take there (as llama.cpp's `--n-gpu-layers` runs them). Activations of one token
cross the link, which is small beside the weights that stay where they are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

import msgspec

from advisor.estimate import Estimate, Interval
from advisor.predict.width import inverse
from advisor.workload import Workload

# What must lie on the GPU however few layers do: the driver's context and the temporaries.
_ALWAYS = ("process and driver", "allocator slack", "activations", "logits")
_Twins = Mapping[tuple[str, str, str, int], Estimate]


def offloaded(
    workload: Workload, found: Iterable[Estimate], unified: Collection[str] = ()
) -> Iterator[Estimate]:
    """Predict what one GPU cannot hold in any batch, with a part of it on the CPU.

    ``unified`` GPUs work in the host's memory: there is no other to move layers to.
    """
    listed = list(found)
    if workload.llm is None:
        return
    host = {_like(e): e for e in listed if e.plan.place == "cpu"}
    held = {_of(e) for e in listed if e.fits}
    for estimate in listed:
        place = estimate.plan.place
        alone = estimate.plan.kind == "gpu" and "/" not in place and place not in unified
        if alone and _of(estimate) not in held:
            made = _split(estimate, host)
            if made:
                yield made


def _of(estimate: Estimate) -> tuple[str, str, str]:
    return estimate.plan.phase, estimate.plan.place, estimate.plan.precision


def _like(estimate: Estimate) -> tuple[str, str, str, int]:
    plan = estimate.plan
    return plan.phase, plan.dtype, plan.weights, plan.batch


def _split(there: Estimate, host: _Twins) -> Estimate | None:
    here = host.get(_like(there))
    if here is None or there.memory_bytes is None:
        return None
    room, beside = there.memory_available, here.memory_available
    fixed = sum(there.memory_parts.get(part, 0.0) for part in _ALWAYS)
    layers = there.memory_bytes.likely - fixed
    if not room or not beside or layers <= 0 or there.memory_bytes.high <= room:
        return None
    # What may be needed at most decides how many layers go there.
    share = (room * there.memory_bytes.likely / there.memory_bytes.high - fixed) / layers
    if not 0 < share < 1:
        return None
    return _joined(there, here, share, room + beside)


def _joined(there: Estimate, here: Estimate, share: float, room: float) -> Estimate | None:
    if there.seconds is None or here.seconds is None or there.throughput is None:
        return None
    work = there.throughput.likely * there.seconds.likely
    low, likely, high = (
        share * a + (1 - share) * b
        for a, b in zip(_ends(there.seconds), _ends(here.seconds), strict=True)
    )
    seconds = Interval(low, likely, high, "s")
    host_part = (1 - share) * here.seconds.likely
    return msgspec.structs.replace(
        there,
        plan=msgspec.structs.replace(
            there.plan, place=there.plan.place.replace("gpu:", "offload:")
        ),
        seconds=seconds,
        throughput=inverse(seconds, work, there.throughput.unit),
        memory_available=room,
        memory_idle=None,
        bound=here.bound if host_part > likely / 2 else there.bound,
        basis=(*there.basis, *here.basis),
        shared_spread=min(there.shared_spread, here.shared_spread),
    )


def _ends(interval: Interval) -> tuple[float, float, float]:
    return interval.low, interval.likely, interval.high
