"""Variables hide devices, and the ledger names the variable with its value."""

import pytest

from advisor.machine import Device, State
from advisor.probe.nvml.hiders import hide
from tests.tools.tree import source

CARDS = [
    Device(id=f"gpu:{n}", uuid=f"GPU-{n}", name=name, state=State.PRESENT, memory_bytes=8)
    for n, name in enumerate(("GTX 1080", "RTX 4090"))
]


def hidden(devices=CARDS, **variables):
    return hide(source({}, facts={f"env:{k}": v for k, v in variables.items()}), devices)


@pytest.mark.parametrize(
    ("variables", "states"),
    [
        ({}, "present present"),
        ({"CUDA_VISIBLE_DEVICES": "GPU-1"}, "hidden present"),
        ({"CUDA_VISIBLE_DEVICES": "0"}, "unknown unknown"),
        ({"CUDA_VISIBLE_DEVICES": "0", "CUDA_DEVICE_ORDER": "PCI_BUS_ID"}, "present hidden"),
        ({"CUDA_VISIBLE_DEVICES": "0,1"}, "present present"),
    ],
)
def test_hide(variables, states):
    seen, _ = hidden(**variables)
    assert " ".join(device.state for device in seen) == states
    assert all(d.why and d.remedy for d in seen if d.state != "present")


def test_lines():
    _, lines = hidden(CUDA_VISIBLE_DEVICES="GPU-1", NVIDIA_VISIBLE_DEVICES="all")
    assert [(line.level, line.value, line.source) for line in lines["gpu:0"]] == [
        ("CUDA_VISIBLE_DEVICES", 0, "CUDA_VISIBLE_DEVICES=GPU-1"),
        ("NVIDIA_VISIBLE_DEVICES", None, "NVIDIA_VISIBLE_DEVICES=all"),
    ]
    assert lines["gpu:1"][0].value == 8


def test_a_broken_device_is_not_called_hidden():
    lost = [Device(id="gpu:0", state=State.BROKEN, why="lost")]
    seen, _ = hidden(lost, CUDA_VISIBLE_DEVICES="")
    assert seen == lost
