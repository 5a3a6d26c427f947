"""A machine of round figures, and the shipped constants and workloads."""

from pathlib import Path

import msgspec
import pytest
import yaml

from advisor.constants import ConstantSet
from advisor.machine import Cpu, Device, Machine, Memory, State
from advisor.measurement import Measurement
from advisor.profile import Profile
from advisor.workload import Workload

GIB = 2**30
RULES = Path(__file__).parents[2] / "rules"


@pytest.fixture(scope="session")
def constants():
    files = sorted((RULES / "constants").glob("*.yaml"))
    read = [
        msgspec.convert(yaml.safe_load(f.read_text()), ConstantSet, strict=False) for f in files
    ]
    return {one.constants: one for one in read}


@pytest.fixture(scope="session")
def workloads():
    files = sorted((RULES / "workloads").glob("*.yaml"))
    read = [msgspec.convert(yaml.safe_load(f.read_text()), Workload, strict=False) for f in files]
    return {one.name: one for one in read}


@pytest.fixture
def timed():
    """Make a measurement with a width of ± 2 %."""

    def make(name, value, *, device="cpu", dtype=None, unit="", **conditions):
        return Measurement(
            name=name, device=device, value=value, low=value * 0.98, high=value * 1.02,
            unit=unit, rounds=6, dtype=dtype, conditions=conditions,
        )  # fmt: skip

    return make


@pytest.fixture
def profile(timed):
    """Two threads at 300 GFLOP/s and 20 GB/s with 24 GiB, and a GPU of 24 GiB."""

    def make(*extra, peak=300e9, gpu=State.PRESENT, measured=True):
        machine = Machine(
            cpu=Cpu(threads_allowed=2),
            memory=Memory(total_bytes=24 * GIB, available_bytes=20 * GIB),
            devices=(
                Device(id="gpu:0", state=gpu, memory_bytes=24 * GIB, memory_free_bytes=23 * GIB),
            ),
        )  # fmt: skip
        rows = (
            timed("matmul.peak", peak, dtype="fp32"),
            timed("matmul.peak", peak * 1.5, dtype="bf16"),
            timed("memory.triad", 20e9),
            timed("matmul.peak", 50e12, device="gpu:0", dtype="fp32"),
            timed("matmul.peak", 123.4e12, device="gpu:0", dtype="fp16"),
            timed("memory.triad", 900e9, device="gpu:0"),
        )
        kept = (*rows, *extra) if measured else ()
        return Profile(tool="0", taken="2026-01-01T00:00:00Z", machine=machine, measurements=kept)

    return make
