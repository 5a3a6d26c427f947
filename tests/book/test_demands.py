"""Conditions of the command line become rules that a check requires."""

import pytest

from advisor.book.demands import demands
from advisor.errors import AdvisorError
from advisor.rule import Effect, Severity
from advisor.vocabulary import declared


def test_each_condition_is_a_rule_of_its_own():
    (policy,) = demands(["machine.gpus == 8", "gpu.memory  >= 75 GiB"], declared())
    assert [(r.id, r.subject, r.title) for r in policy.rules] == [
        ("required-1", "machine", "machine.gpus == 8"),
        ("required-2", "gpu", "gpu.memory >= 75 GiB"),
    ]
    assert {(r.effect, r.severity) for r in policy.rules} == {(Effect.REQUIRE, Severity.ERROR)}
    assert policy.rules[1].because == "gpu.memory is {gpu.memory}."


def test_one_said_twice_counts_once_and_none_is_no_policy():
    (policy,) = demands(["machine.gpus == 8", "machine.gpus ==  8"], declared())
    assert len(policy.rules) == 1
    assert demands([], declared()) == ()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gpu.memry >= 75 GiB", "--require:1:1: read a condition: no fact is called 'gpu.memry'"),
        ("gpu.memory >= 24 TFLOP/s", "--require:1:15: read a condition: "),
        ("gpu.memory", "the end where a comparison should be"),
        ("gpu.memory >= disk.free", "it names facts of a disk and of a gpu"),
        ("plan.batch == 8", "a check knows no plans"),
        ("", "--require:1:1: "),
        ("gpu.memory >= " + "1 + " * 400 + "1 GiB", "a condition of 1619 characters"),
    ],
)
def test_mistakes_have_a_place(text, said):
    with pytest.raises(AdvisorError) as caught:
        demands([text], declared())
    assert said in str(caught.value)
    assert caught.value.code == 2
