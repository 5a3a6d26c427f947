"""Runs of the past correct what is predicted, the more the more alike the plans are."""

import math

import pytest

from advisor.estimate import Plan
from advisor.predict import RUN, plans, predict_plan
from advisor.predict.calibrate import Outcome, calibrated, outcomes

PLAN = Plan(phase="inference", place="cpu", dtype="fp32", batch=8)
SLOW = math.log(1.5)  # measured half again as long as predicted


def plan(**changed):
    return Plan(**{"phase": "inference", "place": "cpu", "dtype": "fp32", "batch": 8, **changed})


def test_without_runs_nothing_changes():
    assert calibrated("cnn", PLAN, 0.2, []) == (1.0, 0.2, None)


def test_the_same_plan_is_nearly_what_it_was():
    found = calibrated("cnn", PLAN, 0.2, [Outcome("cnn", PLAN, SLOW)])
    assert found.factor == pytest.approx(1.5, rel=0.05)
    assert found.spread < 0.1
    assert found.basis.value == 1
    assert "--fresh" in found.basis.source


def test_the_less_alike_the_less_it_is_corrected():
    known = [Outcome("cnn", PLAN, SLOW)]
    asked = [
        ("cnn", plan()),
        ("cnn", plan(batch=32)),
        ("cnn", plan(dtype="bf16")),
        ("vit", plan()),
        ("vit", plan(phase="training")),
    ]
    found = [calibrated(name, one, 0.2, known) for name, one in asked]
    factors, spreads = [f.factor for f in found], [f.spread for f in found]
    assert factors == sorted(factors, reverse=True)
    assert spreads == sorted(spreads)
    assert 1 < factors[-1] < 1.2


def test_many_runs_of_others_tell_more_than_one():
    one = [Outcome("vit", PLAN, SLOW)]
    many = [Outcome(name, PLAN, SLOW) for name in ("vit", "rnn", "mlp", "speech")]
    assert 1 < calibrated("cnn", PLAN, 0.2, one).factor < calibrated("cnn", PLAN, 0.2, many).factor


def run(timed, seconds, **told):
    told = {"workload": "cnn", "phase": "inference", "batch": 8, "predicted": 1.0, **told}
    return timed(RUN, seconds, dtype="fp32", unit="s", **told)


def test_runs_are_read_and_their_own_workload_is_predicted_anew(timed):
    rows = [run(timed, 1.5), run(timed, 3.0, workload="vit"), run(timed, 9.0, compile=True),
            run(timed, 9.0, tried_threads=1), timed("memory.copy", 1e9)]  # fmt: skip
    found = outcomes(rows, "cpu", "cnn", lambda _plan: 0.5)
    assert [(o.workload, o.plan) for o in found] == [("cnn", PLAN), ("vit", PLAN)]
    assert [o.error for o in found] == pytest.approx([math.log(3.0), math.log(3.0)])


def test_a_kept_run_moves_a_prediction_and_is_in_its_basis(workloads, profile, constants, timed):
    usual = predict_plan(workloads["cnn"], PLAN, profile(), constants)
    seconds = 2 * usual.seconds.likely
    ran = run(timed, seconds)
    moved = predict_plan(workloads["cnn"], PLAN, profile(ran), constants)
    assert moved.seconds.likely == pytest.approx(seconds, rel=0.1)
    assert moved.seconds.high / moved.seconds.low < usual.seconds.high / usual.seconds.low
    assert moved.calibration == pytest.approx(moved.seconds.likely / usual.seconds.likely)
    assert "runs of verify" in {b.fact for b in moved.basis}
    among = next(e for e in plans(workloads["cnn"], profile(ran), constants) if e.plan == PLAN)
    assert among == moved
