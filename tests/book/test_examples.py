"""A value as people write it becomes a fact."""

import pytest

from advisor.book.examples import stated
from advisor.fact import Origin, Status
from tests.small import VOCABULARY


@pytest.mark.parametrize(
    ("name", "text", "value", "low", "high"),
    [
        ("gpu.memory", "24 GiB", 24 * 2**30, 24 * 2**30, 24 * 2**30),
        ("memory.copy", "30 GB/s to 40 GB/s", 35e9, 30e9, 40e9),
        ("plan.input_share", "57 %", 0.57, 0.57, 0.57),
        ("plan.place", "gpu:0", "gpu:0", None, None),
        ("software.driver", "550.54", "550.54", None, None),
        ("constraint.offline", "true", True, None, None),
    ],
)
def test_values(name, text, value, low, high):
    fact = stated(VOCABULARY[name], text)
    assert (fact.status, fact.value, fact.low, fact.high) == (Status.KNOWN, value, low, high)
    assert fact.origin is Origin.GIVEN


@pytest.mark.parametrize("status", [Status.MISSING, Status.UNKNOWN])
def test_states(status):
    assert stated(VOCABULARY["gpu.memory"], status).status is status


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("gpu.memory", "24 GB/s"),
        ("gpu.memory", "banana"),
        ("gpu.memory", "2 GB to 1 GB"),
        ("constraint.offline", "maybe"),
        ("workload.phase", "trainin"),
    ],
)
def test_refusals(name, text):
    with pytest.raises(ValueError, match=name.split(".")[0] + "|ends before"):
        stated(VOCABULARY[name], text)
