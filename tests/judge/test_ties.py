"""What is neither surely faster nor slower in the chosen place is told, by what sets it apart."""

import pytest
from msgspec.structs import replace

from advisor.judge.ties import ties
from tests.judge.test_decisions import estimate, ratio

CHOSEN = estimate("g", 10, dtype="bf16")


def other(speed, place="g", dtype="bf16", **more):
    found = estimate(place, speed, dtype=dtype)
    return replace(found, plan=replace(found.plan, **more))


@pytest.mark.parametrize(
    ("others", "told"),
    [
        # Batches are each told, fast or slow, as long as nothing is sure.
        ([other(10.5, batch=4), other(9.5, batch=8)], [("batch", 4), ("batch", 8)]),
        ([other(14, batch=4), other(6, batch=8)], []),
        # Of settings and of precisions the best alone.
        ([other(9.9, batch=4, compiled=True), other(9.5, batch=8, compiled=True)],
         [("settings", 4)]),
        ([other(9.9, dtype="fp16"), other(9.5, dtype="fp16", batch=2), other(9.4, dtype="fp32")],
         [("precision", 1), ("precision", 1)]),
        ([other(9.9, weights="int8", batch=2)], [("precision", 2)]),
        # Other places are compared elsewhere.
        ([other(10, place="c", batch=2)], []),
        ([CHOSEN], []),
    ],
)  # fmt: skip
def test_ties(others, told):
    assert [(t.by, t.estimate.plan.batch) for t in ties(CHOSEN, others, ratio)] == told


def test_a_tie_says_how_much_faster_the_chosen_plan_is():
    (tie,) = ties(CHOSEN, [other(8.0 / 0.8, batch=2)], ratio)
    assert tie.faster == (0.9, 1.0, 1.1)
