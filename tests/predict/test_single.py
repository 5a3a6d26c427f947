"""One plan: the basis names each number, the memory each part."""

import pytest

from advisor.estimate import Plan
from advisor.predict.figures import measured
from advisor.predict.op import Clockwork
from advisor.predict.single import Situation, estimate


@pytest.mark.parametrize(
    ("name", "phase", "unit", "part"),
    [
        ("cnn", "training", "samples/s", "gradients"),
        ("cnn", "inference", "samples/s", "activations"),
        ("llm-7b", "decode", "tokens/s", "key-value cache"),
        ("trees", "fit", "jobs/s", "bins"),
    ],
)
def test_estimate(workloads, profile, constants, name, phase, unit, part):
    situation = Situation(Clockwork(measured(profile(), "cpu"), constants["cpu"]), 5e9, 6e9)
    plan = Plan(phase=phase, place="cpu", dtype="fp32", batch=4)
    found = estimate(workloads[name], plan, situation)
    assert found.throughput.unit == unit
    assert found.memory_parts[part] > 0
    assert (found.memory_available, found.memory_idle) == (5e9, 6e9)
    facts = [b.fact for b in found.basis]
    assert facts[-1] == "constants"
    assert ("cpu.matmul_peak.fp32" in facts) == (name != "trees")
