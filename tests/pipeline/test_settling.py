"""A tie names the measurement that would decide it."""

import pytest
from msgspec.structs import replace

from advisor import book
from advisor.estimate import Basis, Estimate, Interval, Plan
from advisor.pipeline.settling import decider

CNN, LLM = (book.workload(name, ()) for name in ("cnn", "llm-1b"))
MINE = replace(CNN, name="mine.json", sources=())
TIMED = Basis(fact="cpu.matmul_peak.fp32", value=1e11, origin="measured", source="here")
FED = Basis(fact="disk.read", value=1e9, origin="measured", source="here")


def found(place="cpu", dtype="fp32", batch=8, phase="training", basis=TIMED, **more):
    rate = Interval(9, 10, 11, "samples/s")
    return Estimate(
        plan=Plan(phase=phase, place=place, dtype=dtype, batch=batch, **more), throughput=rate,
        seconds=None, memory_bytes=None, memory_available=None, bound=None, basis=(basis,),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("workload", "others", "command"),
    [
        (CNN, [found(batch=32)], "mlinfra verify -w cnn --batch 32"),
        (CNN, [found(batch=32), found(batch=64)], "mlinfra verify -w cnn --batch 32"),
        (CNN, [found(compiled=True)], "mlinfra verify -w cnn --exhaustive"),
        (CNN, [found(batch=2), found(dtype="bf16")], "mlinfra verify -w cnn --exhaustive"),
        (CNN, [found("gpu:0")], "mlinfra verify -w cnn"),
        # What was never timed is timed first; what feeds a place is no timing of it.
        (CNN, [found("gpu:0", basis=replace(TIMED, origin="catalogue"))], "mlinfra bench"),
        (CNN, [found("gpu:0", basis=FED)], "mlinfra bench"),
        (CNN, [found("gpu:0+1", basis=FED)], "mlinfra bench"),
        (CNN, [replace(found("gpu:0+1", basis=FED), base=found("gpu:0"))], "mlinfra bench peer"),
        # What `verify` cannot run.
        (CNN, [found(checkpointed=True)], "a minute of each"),
        (MINE, [found(batch=32)], "a minute of each"),
        (LLM, [found(weights="int4")], "a minute of each"),
    ],
)
def test_decider(workload, others, command):
    assert decider(workload, found(), others) == command
