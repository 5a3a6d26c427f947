"""The plans that are run are those that were advised, but for what the user chose."""

from types import SimpleNamespace

import pytest

from advisor.errors import AdvisorError
from advisor.pipeline.recommend import Question
from advisor.pipeline.verification import Trial, verification
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


@pytest.mark.parametrize(
    ("trial", "replays"),
    [
        (Trial(), True),
        (Trial(batch=8), True),
        (Trial(precision="fp32", batch=8), False),
        (Trial(replay=False), False),
    ],
)
def test_the_plan_is_chosen_as_recommend_would(trial, replays, monkeypatch):
    asked = []

    def recommend(question, measure):
        asked.append(question.replay)
        raise AdvisorError("recommend", "this test has seen enough")

    monkeypatch.setattr("advisor.pipeline.verification.recommend", recommend)
    with pytest.raises(AdvisorError, match="seen enough"):
        verification(Question(workload="cnn"), trial, lambda: None)
    assert asked == [replays]
