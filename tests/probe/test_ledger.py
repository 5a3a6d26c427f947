"""A ledger runs from the card to what is free, and names the line that binds."""

import pytest

from advisor.machine import Device, Limit, State
from advisor.probe.ledger import bound, ledger

GIB = 1 << 30
CARD = {"memory_bytes": 24 * GIB, "memory_free_bytes": 20 * GIB, "state": State.PRESENT}
HIDDEN = Limit("CUDA_VISIBLE_DEVICES", 0, "CUDA_VISIBLE_DEVICES=1")


@pytest.mark.parametrize(
    ("facts", "hiders", "levels", "binding"),
    [
        ({}, (), "card, free now", "free now"),
        ({"memory_reserved_bytes": GIB}, (), "card, driver, free now", "free now"),
        ({"memory_free_bytes": None}, (), "card, free now", "card"),
        ({"memory_free_bytes": 24 * GIB}, (), "card, free now", "card"),
        ({"mig_enabled": True}, (), "card, mig, free now", "mig"),
        ({"mig_enabled": True, "id": "gpu:0/mig:0"}, (), "card, free now", "free now"),
        ({"virtualization": "vgpu"}, (), "card, vgpu, free now", "free now"),
        ({"compute_mode": "prohibited"}, (), "card, compute mode, free now", "compute mode"),
        ({"state": State.BROKEN}, (), "card, state, free now", "state"),
        ({"unified_memory": True}, (), "unified memory, free now", "free now"),
        ({}, (HIDDEN,), "card, CUDA_VISIBLE_DEVICES, free now", "CUDA_VISIBLE_DEVICES"),
        ({"memory_bytes": None, "memory_free_bytes": None}, (), "card, free now", None),
    ],
)
def test_ledger(facts, hiders, levels, binding):
    lines = ledger(Device(**({"id": "gpu:0"} | CARD | facts)), "NVML", hiders)
    assert ", ".join(line.level for line in lines) == levels
    assert [line.level for line in lines if line.binding] == ([binding] if binding else [])


def test_of_equal_lines_the_first_binds():
    lines = bound([Limit("a", 2, ""), Limit("b", 1, ""), Limit("c", 1, ""), Limit("d", None, "")])
    assert [line.binding for line in lines] == [False, True, False, False]
