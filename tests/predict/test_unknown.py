"""Operators are worth timing while those that were not timed decide a step."""

import msgspec
import pytest

from advisor.conditions import conditions_of
from advisor.estimate import Plan
from advisor.measurement import Quality
from advisor.operation import viewed
from advisor.predict import operations, untimed

PLAN = Plan(phase="training", place="cpu", dtype="fp32", batch=8)


def missing_of(workload, profile, constants, seconds, *plans):
    found = untimed(workload, plans or [PLAN], profile, constants, seconds)
    return [one for missing in found for one in missing.operators]


def replayed(timed, wanted, seconds=1e-3):
    return [
        timed("op", seconds, dtype="fp32", unit="s", **conditions_of(op, backward=back))
        for op, back in wanted
    ]


def test_all_of_a_network_at_first_and_nothing_once_they_are_timed(
    workloads, profile, constants, timed
):
    missing = missing_of(workloads["rl"], profile(), constants, 100.0)
    # Tables of rows are told by a key, so that an operation that occurs twice is one.
    assert {back for _, back in missing} == {False, True}
    assert len(missing) == len(operations(workloads["rl"], PLAN))
    assert not any(viewed(op, backward=back) for op, back in missing)
    rows = replayed(timed, missing)
    assert missing_of(workloads["rl"], profile(*rows), constants, 100.0) == []


@pytest.mark.parametrize("seconds", [2.5, 4.0])
def test_they_fit_in_the_time_and_the_longest_come_first(workloads, profile, constants, seconds):
    missing = missing_of(workloads["cnn"], profile(), constants, seconds)
    every = missing_of(workloads["cnn"], profile(), constants, 1000.0)
    assert 0 < len(missing) < len(every)
    assert len(missing) * 5 * 0.002 <= seconds


def test_a_plan_that_the_time_does_not_do_for_is_left_out(workloads, profile, constants):
    assert missing_of(workloads["cnn"], profile(), constants, 0.1) == []


def test_the_first_plans_have_the_time_and_none_is_timed_twice(workloads, profile, constants):
    small, large = (msgspec.structs.replace(PLAN, batch=batch) for batch in (1, 8))
    found = untimed(workloads["rl"], [small, large, small], profile(), constants, 100.0)
    assert [missing.plan for missing in found] == [small, large]
    keys = [(op.key, back) for missing in found for op, back in missing.operators]
    assert len(keys) == len(set(keys))


def test_what_was_tried_in_vain_is_not_tried_again(workloads, profile, constants, timed):
    missing = missing_of(workloads["rl"], profile(), constants, 100.0)
    bad = [msgspec.structs.replace(r, quality=Quality.INVALID) for r in replayed(timed, missing)]
    assert missing_of(workloads["rl"], profile(*bad), constants, 100.0) == []


def test_what_cannot_be_predicted_is_not_timed(workloads, profile, constants):
    assert missing_of(workloads["cnn"], profile(measured=False), constants, 6.0) == []
