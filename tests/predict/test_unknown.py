"""Operators are worth timing while those that were not timed decide a step."""

import pytest

from advisor.estimate import Plan
from advisor.operation import conditions_of
from advisor.predict import operations, untimed

PLAN = Plan(phase="training", place="cpu", dtype="fp32", batch=8)


def replayed(timed, wanted, seconds=1e-3):
    return [
        timed("op", seconds, dtype="fp32", unit="s", **conditions_of(op, backward=back))
        for op, back in wanted
    ]


def test_all_of_a_network_at_first_and_nothing_once_they_are_timed(
    workloads, profile, constants, timed
):
    missing = untimed(workloads["rl"], PLAN, profile(), constants, 100.0)
    # Tables of rows are told by a key, so that an operation that occurs twice is one.
    assert {back for _, back in missing} == {False, True}
    assert len(missing) == len(operations(workloads["rl"], PLAN))
    rows = replayed(timed, missing)
    assert untimed(workloads["rl"], PLAN, profile(*rows), constants, 100.0) == []


@pytest.mark.parametrize("seconds", [0.1, 0.5, 2.0])
def test_they_fit_in_the_time_and_the_longest_come_first(workloads, profile, constants, seconds):
    missing = untimed(workloads["cnn"], PLAN, profile(), constants, seconds)
    every = untimed(workloads["cnn"], PLAN, profile(), constants, 1000.0)
    assert 0 < len(missing) < len(every)
    assert len(missing) * 7 * 0.002 <= seconds


def test_what_cannot_be_predicted_is_not_timed(workloads, profile, constants):
    assert untimed(workloads["cnn"], PLAN, profile(measured=False), constants, 6.0) == []
