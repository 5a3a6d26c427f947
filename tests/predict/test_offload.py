"""Layers that do not fit on the GPU run on the CPU: each side takes its share of its own time."""

import pytest
from msgspec.structs import replace

from advisor import book
from advisor.estimate import Interval
from advisor.predict.offload import offloaded
from tests.vocabulary.test_plan import BLANK

LLM, CNN = (book.workload(name, ()) for name in ("llm-13b", "cnn"))


def plan(place, seconds, needs, there, fixed=0.0):
    return replace(
        BLANK, plan=replace(BLANK.plan, place=place, phase="decode"), bound="memory",
        seconds=Interval(seconds, seconds, seconds, "s"), memory_available=there,
        throughput=Interval(1 / seconds, 1 / seconds, 1 / seconds, "tokens/s"),
        memory_bytes=Interval(needs, needs, needs, "bytes"),
        memory_parts={"weights": needs - fixed, "process and driver": fixed},
    )  # fmt: skip


CPU = plan("cpu", 10.0, 20.0, 100.0)


@pytest.mark.parametrize(
    ("there", "fixed", "seconds"),
    [
        (10.0, 0.0, 5.5),  # half of the layers at 1 s, half at 10 s
        (12.0, 4.0, 0.5 + 5.0),  # 8 of 16 bytes of layers beside what must lie there
        (20.0, 0.0, None),  # it fits as it is
        (3.0, 4.0, None),  # not even the driver fits
    ],
)
def test_split(there, fixed, seconds):
    found = list(offloaded(LLM, (plan("gpu:0", 1.0, 20.0, there, fixed), CPU)))
    assert [e.seconds.likely for e in found] == (
        [] if seconds is None else [pytest.approx(seconds)]
    )
    for estimate in found:
        assert (estimate.plan.place, estimate.plan.kind) == ("offload:0", "offload")
        assert estimate.memory_available == there + 100.0


def test_only_language_models_and_only_beside_a_cpu():
    gpu = plan("gpu:0", 1.0, 20.0, 10.0)
    assert list(offloaded(CNN, (gpu, CPU))) == []
    assert list(offloaded(LLM, (gpu,))) == []


def test_not_where_a_smaller_batch_fits_or_memory_is_one():
    gpu = plan("gpu:0", 1.0, 20.0, 10.0)
    small = replace(plan("gpu:0", 1.0, 5.0, 10.0), plan=replace(gpu.plan, batch=0))
    assert list(offloaded(LLM, (gpu, small, CPU))) == []
    assert list(offloaded(LLM, (gpu, CPU), {"gpu:0"})) == []
    assert list(offloaded(LLM, (gpu, CPU))) != []
