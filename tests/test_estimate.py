"""A plan names itself in a line."""

from advisor.estimate import Plan


def test_plan_in_a_line():
    plan = Plan(phase="training", place="gpu:0", dtype="bf16", batch=32)
    assert str(plan) == "training on gpu:0, bf16, batch 32"


def test_plans_that_differ_have_ids_that_differ():
    one = Plan(phase="training", place="gpu:0", dtype="bf16", batch=32)
    assert one.id == "training/gpu:0/bf16/32"
