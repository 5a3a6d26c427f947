"""Rivals are the fastest that fit, the smallest of the same sort, and the plan itself."""

import pytest

from advisor.estimate import Estimate, Interval, Plan
from advisor.vocabulary.rivals import Listed


def estimate(place="gpu:0", rate=10.0, batch=8, needed=None, phase="training") -> Estimate:
    return Estimate(
        plan=Plan(phase=phase, place=place, dtype="fp32", batch=batch), seconds=None, bound=None,
        throughput=Interval(rate, rate, rate, "samples/s") if rate else None,
        memory_bytes=Interval(needed, needed, needed, "bytes") if needed else None,
        memory_available=8.0,
    )  # fmt: skip


def test_the_smallest_is_of_the_same_sort():
    one, eight, other = estimate(rate=2.0, batch=1), estimate(), estimate("cpu", batch=1)
    assert Listed((eight, other, one)).smallest(eight) is one


def test_only_a_plan_that_fits_a_gpu_is_compared_with():
    fat, small, cpu = estimate(rate=50.0, needed=10.0), estimate(rate=5.0), estimate("cpu", 90.0)
    listed = Listed((fat, small, cpu))
    assert listed.on_gpu("training") is small
    assert listed.on_cpu("training") is cpu


@pytest.mark.parametrize("phase", ["inference", "fit"])
def test_of_another_phase_there_is_none(phase):
    listed = Listed((estimate(), estimate("cpu")))
    assert (listed.on_gpu(phase), listed.on_cpu(phase)) == (None, None)


def test_a_plan_without_a_speed_is_no_rival():
    blank, timed = estimate("cpu", rate=None, batch=1), estimate("cpu", 3.0)
    listed = Listed((blank, timed))
    assert listed.on_cpu("training") is timed
    assert (listed.of(blank.plan), listed.of(timed.plan)) == (None, timed)
