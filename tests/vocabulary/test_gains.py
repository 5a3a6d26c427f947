"""Gains carry the ratio's interval; what is sure is told by its low end."""

import msgspec
import pytest

from advisor.estimate import Estimate, Interval, Plan
from advisor.fact import Status
from advisor.machine import Gap
from advisor.vocabulary.gains import DECLARATIONS, Beside, facts

WHY = Gap("", "not timed", "mlinfra bench")


def estimate(place="gpu:0", rate=10.0, batch=8, job=None, **parts) -> Estimate:
    return Estimate(
        plan=Plan(phase="training", place=place, dtype="fp32", batch=batch),
        throughput=Interval(rate, rate, rate, "samples/s") if rate else None, seconds=None,
        bound="compute", job_seconds=Interval(job, job, job, "s") if job else None,
        **{"memory_bytes": None, "memory_available": None, **parts},
    )  # fmt: skip


def ratio(a, b):
    likely = a.throughput.likely / b.throughput.likely
    return Interval(likely / 2, likely, likely * 2, "1")


def told(gpu, cpu, small=None):
    return facts(Beside(gpu, cpu, None, small or gpu, ratio), WHY)


def test_every_fact_is_stated():
    assert set(told(estimate(), estimate("cpu"))) == {d.name for d in DECLARATIONS}


@pytest.mark.parametrize(
    ("rate", "step"),
    [(1.0, "no"), (3.9, "no"), (4.0, "twofold"), (20.0, "tenfold"), (100.0, "fiftyfold")],
)
def test_a_step_is_named_where_even_the_low_end_is_above_it(rate, step):
    assert told(estimate(rate=rate), estimate("cpu", 1.0))["plan.surely_faster"].value == step


def test_saved_time_is_the_job_there_less_its_share_here():
    saved = told(estimate(rate=4.0), estimate("cpu", 1.0, job=100.0))["plan.saved_time"]
    assert (saved.low, saved.value, saved.high) == (50.0, 75.0, 87.5)


def test_without_a_job_nothing_is_saved():
    assert told(estimate(), estimate("cpu"))["plan.saved_time"].status is Status.MISSING


def test_what_is_not_predicted_is_unknown():
    for name in ("plan.saved_time", "plan.batch_gain", "plan.surely_faster"):
        fact = told(estimate(rate=None), estimate("cpu", None))[name]
        assert (fact.status, fact.why) == (Status.UNKNOWN, "not timed")


def test_memory_by_part():
    parts = {"weights": 10.0, "gradients": 10.0, "optimizer states": 20.0, "activations": 60.0}
    told_of = told(estimate(memory_parts=parts, memory_idle=5.0), None)
    shares = {n: told_of[f"plan.{n}_share"].value for n in ("weights", "optimizer", "activations")}
    assert shares == {"weights": 0.1, "optimizer": 0.3, "activations": 0.6}
    assert told_of["plan.memory_idle"].value == 5.0


def test_the_batch_gain_is_against_the_smallest():
    one, eight = estimate(rate=2.0, batch=1), estimate()
    assert told(eight, None, one)["plan.batch_gain"].value == 5.0


def test_a_plan_is_compared_with_the_best_on_a_gpu():
    small, cpu = estimate(rate=5.0), estimate("cpu", 10.0)
    compared = facts(Beside(cpu, cpu, small, cpu, ratio), WHY)["plan.over_gpu"]
    assert (compared.low, compared.value) == (1.0, 2.0)
    assert told(cpu, cpu)["plan.over_gpu"].status is Status.MISSING


def test_what_a_setting_gains_is_known_or_there_is_nothing_of_it():
    plan = msgspec.structs.replace(estimate(), gains={"compile": Interval(1.1, 1.2, 1.4, "1")})
    stated = told(plan, None)
    assert stated["plan.compile_gain"].high == 1.4
    assert stated["plan.threads_gain"].status is Status.MISSING
