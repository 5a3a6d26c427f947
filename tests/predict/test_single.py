"""One plan: the basis names each number, the memory each part."""

import math

import msgspec
import pytest

from advisor.estimate import Plan
from advisor.predict.figures import measured
from advisor.predict.op import Clockwork
from advisor.predict.single import Situation, estimate
from advisor.predict.step import forward
from advisor.predict.width import joined, spread_of


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


def test_a_network_of_the_users_own_is_told_less_surely(workloads, profile, constants):
    situation = Situation(Clockwork(measured(profile(), "cpu"), constants["cpu"]), 5e9, 6e9)
    plan = Plan(phase="inference", place="cpu", dtype="fp32", batch=4)
    known = workloads["cnn"]
    mine = msgspec.structs.replace(known, sources=())
    shipped, own = (estimate(one, plan, situation).seconds for one in (known, mine))
    assert own.likely == pytest.approx(shipped.likely)
    apart = constants["cpu"].figures["own_spread"]
    assert spread_of(own) == pytest.approx(joined(spread_of(shipped), apart))


@pytest.mark.parametrize(
    ("bounds", "near", "spread"),
    [
        ({"compute": 1.0}, 0.0, 0.1),
        ({"memory": 0.5, "compute": 0.5}, 0.0, 0.2062),
        ({"compute": 1.0}, 0.5, 0.05),
        ({"compute": 1.0}, 1.0, 0.0),
    ],
)
def test_a_ceiling_that_bounds_little_makes_little_unsure(
    workloads, profile, constants, monkeypatch, bounds, near, spread
):
    """The peak is known to ± 0.1, the bandwidth to ± 0.4, as standard deviations of their ln.

    What is near timed ops has their width instead.
    """
    rows = [wide(row, {"matmul.peak": 0.1, "memory.triad": 0.4}) for row in profile().measurements]
    figures = measured(msgspec.structs.replace(profile(), measurements=tuple(rows)), "cpu")
    clockwork = Clockwork(figures, constants["cpu"])
    step = forward(clockwork, workloads["cnn"].graph, 4, "fp32")
    bound = step._replace(bounds=bounds, near=near, own=0.0, shared=0.0)
    monkeypatch.setattr("advisor.predict.single.forward", lambda *_: bound)
    plan = Plan(phase="inference", place="cpu", dtype="fp32", batch=4)
    found = estimate(workloads["cnn"], plan, Situation(clockwork, 5e9, 6e9))
    assert spread_of(found.seconds) == pytest.approx(spread, abs=0.001)


def wide(row, spreads):
    factor = math.exp(1.96 * spreads.get(row.name, 0.0))
    return msgspec.structs.replace(row, low=row.value / factor, high=row.value * factor)
