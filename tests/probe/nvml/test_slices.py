"""A slice has its own memory and units, and shares its parent's troubles."""

import pytest

from advisor.machine import Device, State
from advisor.probe.nvml.slices import devices
from advisor.probe.nvml.told import Answers

TOLD = Answers(
    ended="done",
    values={"3/1": {
        "nvmlDeviceGetUUID": "MIG-x", "nvmlDeviceGetGpuInstanceId": 5,
        "nvmlDeviceGetComputeInstanceId": 0,
        "nvmlDeviceGetAttributes": {"multiprocessorCount": 14, "memorySizeMB": 10},
    }},
)  # fmt: skip


def parent(**facts):
    return Device(**({"id": "gpu:0", "state": State.PRESENT, "mig_enabled": True} | facts))


def test_devices():
    (part,) = devices(TOLD, "3", parent())
    assert (part.id, part.uuid, part.slice_place) == ("gpu:0/mig:1", "MIG-x", "5/0")
    assert (part.memory_bytes, part.compute_units) == (10 << 20, 14)


@pytest.mark.parametrize(
    ("facts", "states"),
    [
        ({"mig_enabled": False}, []),
        ({"state": State.BROKEN, "why": "lost"}, [State.BROKEN]),
        ({}, [State.PRESENT]),
    ],
)
def test_the_parent_decides(facts, states):
    assert [part.state for part in devices(TOLD, "3", parent(**facts))] == states
