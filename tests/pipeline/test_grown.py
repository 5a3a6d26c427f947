"""One more card of a kind nearly doubles a training; it is not told where no card can be put."""

import msgspec
import pytest

from advisor.machine import Device, State
from advisor.part import resolve
from advisor.pipeline import places
from advisor.pipeline.grown import one_more
from tests.fakes import CPU, machine, profile
from tests.pipeline.test_places import around


def chosen_on(name, **fields):
    card = Device(id="gpu:0", name=name, state=State.PRESENT, **fields)
    cpu = msgspec.structs.replace(CPU, threads_allowed=64)  # workers enough to feed two cards
    known = around(profile(machine=machine(cpu=cpu, devices=(card,)), measurements=()), "cnn")
    found = places.here((), known)
    best = next(e for e in found if e.plan.phase == "training")
    compiled = msgspec.structs.replace(best.plan, compiled=True)
    narrow = msgspec.structs.replace(known.workload, batches=(best.plan.batch,))
    alone = msgspec.structs.replace(known, workload=narrow, phases=("training",))
    part = resolve(known.parts, name).part
    return one_more(msgspec.structs.replace(best, plan=compiled), found, alone, part)


def test_one_more_card_of_a_kind_nearly_doubles_a_training():
    gain = chosen_on("NVIDIA GeForce RTX 4090", memory_bytes=24 * 2**30)
    assert 1.5 < gain.likely <= 2
    assert gain.low < gain.likely < gain.high


@pytest.mark.parametrize(
    ("name", "fields"),
    [("NVIDIA GeForce RTX 4090", {"unified_memory": True}), ("NVIDIA H100 80GB HBM3", {})],
)
def test_no_more_is_told_of_where_no_card_can_be_put(name, fields):
    assert chosen_on(name, **fields) is None
