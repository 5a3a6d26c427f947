"""Free channels are those of the processor that hold no module; filling them widens memory."""

import pytest

from advisor.machine import Cpu, Memory, Module
from advisor.part import Part
from advisor.pipeline.channels import LEAST, free, widened
from tests.fakes import CPU, GIB, machine, measured, profile

MEMORY = Memory(
    total_bytes=16 * GIB, modules=(Module(kind="DDR4", size_bytes=16 * GIB),), channels=1,
    bandwidth_bytes_per_second=25.6e9,
)  # fmt: skip
TWO = Part(name="Ryzen", kind="cpu", channels=2)
ON = machine(memory=MEMORY)


@pytest.mark.parametrize(
    ("on", "cpu", "count"),
    [
        (ON, TWO, 1),
        (machine(memory=MEMORY, cpu=Cpu(sockets=2)), TWO, 3),
        (ON, Part(name="Atom", kind="cpu", channels=1), 0),
        (ON, Part(name="?", kind="cpu"), 0),
        (ON, None, 0),
        (machine(memory=MEMORY, cpu=Cpu(hypervisor="KVM")), TWO, 0),
        (machine(memory=Memory(channels=1)), TWO, 0),
        (machine(memory=Memory(modules=MEMORY.modules)), TWO, 0),
    ],
)
def test_free(on, cpu, count):
    assert free(on, cpu) == count


def test_twice_the_channels_are_nearly_twice_as_fast():
    small, large = ({"bytes": n * CPU.l3_bytes} for n in (1, 8))
    rows = (
        measured("memory.triad", "cpu", 2e10, "bytes/s"),
        measured("memory.triad.at", "cpu", 9e10, "bytes/s", conditions=small),
        measured("memory.triad.at", "cpu", 2e10, "bytes/s", conditions=large),
        measured("memory.copy", "gpu:0", 9e11, "bytes/s"),
    )
    wide = widened(profile(machine=ON, measurements=rows), 1)
    assert [row.value for row in wide.measurements] == [4e10, 9e10, 4e10, 9e11]
    headline, before = wide.measurements[0], rows[0]
    assert (headline.low, headline.high) == (2 * before.low, 2 * before.high)
    least = widened(profile(machine=ON, measurements=rows), 1, LEAST).measurements[0]
    assert least.value == pytest.approx(2 * LEAST * 2e10)
    assert widened(profile(machine=ON, measurements=rows), 1, 0.1).measurements[0].value == 2e10
    assert wide.machine.memory.channels == 2
    assert wide.machine.memory.bandwidth_bytes_per_second == 51.2e9


def test_nothing_added_changes_nothing():
    before = profile(machine=ON)
    assert widened(before, 0) is before
    assert widened(profile(), 2) == profile()
