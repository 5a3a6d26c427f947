"""A saved profile is a device: what was measured there, the catalogue for the rest."""

import pytest

from advisor.errors import AdvisorError
from advisor.machine import Cpu, Device, Machine, Memory, State
from advisor.measurement import Measurement
from advisor.predict.elsewhere.measured import measured, reduced
from advisor.profile import Profile


def row(name, device, value, unit, dtype=None):
    return Measurement(
        name=name, device=device, value=value, low=value, high=value, unit=unit, rounds=5,
        dtype=dtype,
    )  # fmt: skip


def profile(*rows, model="Nobody's CPU"):
    card = Device(id="gpu:0", name="NVIDIA GeForce RTX 3090", state=State.PRESENT)
    machine = Machine(cpu=Cpu(model=model), memory=Memory(), devices=(card,))
    return Profile(tool="0", taken="2026-01-01T00:00:00Z", machine=machine, measurements=rows)


def test_a_gpu_of_the_catalogue_with_its_own_rates(catalogue, figures):
    rows = [
        row("matmul.peak", "gpu:0", 60e12, "FLOP/s", "fp16"),
        row("memory.copy", "gpu:0", 800e9, "bytes/s"),
    ]
    found, said = measured(profile(*rows), None, catalogue, figures)
    assert 60e12 < found.rates["fp16"] < 80e12  # the constants are shares of a peak above it
    assert found.units == 82
    assert "2 measurements" in said


def test_without_measurements_the_catalogue_speaks(catalogue, figures):
    found, _ = measured(profile(), "gpu:0", catalogue, figures)
    assert found.bandwidth == 936e9


def test_an_unknown_cpu_that_was_measured(catalogue, figures):
    rows = [
        row("matmul.peak", "cpu", 3e11, "FLOP/s", "fp32"),
        row("memory.triad", "cpu", 3e10, "bytes/s"),
    ]
    found, _ = measured(profile(*rows), "cpu", catalogue, figures)
    assert found.host
    assert found.vector > 3e11


@pytest.mark.parametrize(
    ("place", "message"), [("cpu", "nothing was measured"), ("gpu:3", "not there")]
)
def test_what_is_neither_known_nor_measured(catalogue, figures, place, message):
    with pytest.raises(AdvisorError, match=message):
        measured(profile(), place, catalogue, figures)


def test_the_all_reduce_over_just_these_comes_before_one_over_more():
    rows = [
        row("peer.allreduce", "peer:gpu:0+gpu:1+gpu:2+gpu:3", 9e9, "bytes/s"),
        row("peer.allreduce", "peer:gpu:0+gpu:1", 12e9, "bytes/s"),
    ]
    told = profile(*rows)
    assert reduced(told, {"gpu:0", "gpu:1"}).value == 12e9
    assert reduced(told, {"gpu:0", "gpu:3"}).value == 9e9
    assert reduced(told, {"gpu:0", "gpu:4"}) is None
