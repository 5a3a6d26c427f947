"""Each of NVML's errors has words; an unknown one keeps its number."""

import pytest

from advisor.machine import State
from advisor.probe.nvml.faults import fault, silent


@pytest.mark.parametrize(
    ("code", "state", "word"),
    [
        (4, State.HIDDEN, "permission"), (9, State.BROKEN, "not loaded"),
        (12, State.BROKEN, "not installed"), (15, State.BROKEN, "lost"),
        (18, State.BROKEN, "different versions"),
        (999, State.BROKEN, "nvmlInit failed with NVML error 999"),
    ],
)  # fmt: skip
def test_fault(code, state, word):
    found = fault(code, "nvmlInit")
    assert found.state is state
    assert word in found.why
    assert found.remedy


def test_silent():
    assert "nvmlDeviceGetName" in silent("nvmlDeviceGetName").why
