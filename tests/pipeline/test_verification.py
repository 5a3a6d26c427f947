"""The plans that are run are those that were advised, but for what the user chose."""

from types import SimpleNamespace

import pytest

from advisor.pipeline.verification import Trial
from advisor.pipeline.verification import _plans as plans
from advisor.pipeline.verification import _wanted as wanted

CHOSEN = SimpleNamespace(place="gpu:0", dtype="bf16", batch=32, compiled=True)
ADVICE = SimpleNamespace(
    plans={
        "training": SimpleNamespace(chosen=CHOSEN),
        "inference": SimpleNamespace(chosen=None),
    }
)


@pytest.mark.parametrize(
    ("trial", "dtype", "batch"),
    [
        (Trial(), "bf16", 32),
        (Trial(precision="fp32"), "fp32", 32),
        (Trial(batch=1), "bf16", 1),
    ],
)
def test_plans(trial, dtype, batch):
    plan = wanted(plans(ADVICE)[0], trial)
    assert plan.compiled
    assert (plan.phase, plan.place, plan.dtype, plan.batch) == ("training", "gpu:0", dtype, batch)
