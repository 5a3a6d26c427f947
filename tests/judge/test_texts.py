"""Texts are filled with values as people write them."""

import pytest

from advisor.fact import Status
from advisor.judge.texts import fill
from tests.small import VOCABULARY, known

FACTS = known(
    {
        "gpu.memory": 24 * 2**30, "memory.copy": (1.9e10, 2.1e10), "plan.input_share": 0.38,
        "gpu.power_limit": Status.MISSING, "cpu.cores": None, "constraint.offline": True,
        "plan.place": "gpu:0",
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("no facts", "no facts"),
        ("{gpu.memory} at {memory.copy}", "24 GiB at 20 GB/s"),
        ("{plan.input_share} on {plan.place}", "38 % on gpu:0"),
        ("{cpu.cores}, {cpu.threads}, {gpu.power_limit}", "unknown, unknown, none"),
        ("offline: {constraint.offline}", "offline: yes"),
    ],
)
def test_fill(text, filled):
    assert fill(text, FACTS, VOCABULARY) == filled
