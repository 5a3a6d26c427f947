"""More memory is there and free; another disk is read at its own rate."""

from advisor.machine import Limit, Memory, Module
from advisor.part import Part
from advisor.pipeline.enlarged import with_disk, with_memory
from advisor.purchase import Item
from tests.fakes import GIB, PROFILE, machine, profile

MODULE = Part(name="DDR5-5600 UDIMM 32GB", kind="memory", memory=32.0 * GIB)
DISK = Part(name="Fast", kind="disk", memory=1e12, bandwidth=7e9)


def test_memory():
    lines = [("physical", 64), ("cgroup", 50), ("free in cgroup", 40), ("free now", 48)]
    ledger = {"memory": tuple(Limit(level, gib * GIB, "") for level, gib in lines)}
    more = with_memory(profile(machine=machine(capacity=ledger)), Item(MODULE, 2)).machine
    assert more.memory.total_bytes == PROFILE.machine.memory.total_bytes + 64 * GIB
    assert more.memory.available_bytes == PROFILE.machine.memory.available_bytes + 64 * GIB
    # What someone set stays.
    assert [line.value / GIB for line in more.capacity["memory"]] == [128, 50, 40, 112]


def test_a_free_channel_makes_memory_faster():
    one = Memory(total_bytes=32 * GIB, modules=(Module(kind="DDR5"),), channels=1)
    before = profile(machine=machine(memory=one))
    after = with_memory(before, Item(MODULE, 4), free=1)
    assert after.machine.memory.channels == 2
    speeds = [
        next(m.value for m in each.measurements if m.name == "memory.triad")
        for each in (before, after, with_memory(before, Item(MODULE)))
    ]
    assert speeds == [2e10, 4e10, 2e10]


def test_disk():
    rows = [m for m in with_disk(PROFILE, Item(DISK)).measurements if m.name == "disk.read"]
    assert [(r.device, r.low, r.value, r.high) for r in rows] == [
        ("disk:0", 3.5e9, 5.25e9, 7e9)
    ]  # what makers state is the most
    assert with_disk(PROFILE, Item(Part(name="?", kind="disk"))) is PROFILE
