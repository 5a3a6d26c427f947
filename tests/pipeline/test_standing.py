"""A machine stands where `recommend` says, without torch.compile; free fixes come first."""

import msgspec
import pytest

from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, ground, read
from advisor.pipeline.standing import standing
from tests.fakes import PROFILE


@pytest.fixture
def stand(tmp_path):
    path = tmp_path / "p.json"

    def made(workload, profile=PROFILE):
        path.write_bytes(msgspec.json.encode(profile))
        question = Question(workload=workload, look=Look(profile=path))
        return standing(read(question), question, ground(question, lambda: profile))

    return made


@pytest.mark.parametrize(
    ("workload", "phase"), [("cnn", "training"), ("llm-7b", "decode"), ("trees", "fit")]
)
def test_the_phase_that_hardware_is_bought_for(stand, workload, phase):
    now = stand(workload)
    assert now.phase == phase
    assert not now.estimate.plan.compiled
    assert len({v.rule for v in now.fixes}) == len(now.fixes)
    assert all(v.fix for v in now.fixes)


def told(now):
    return {(e.plan.place, e.plan.compiled) for e in now.own}


def test_other_parts_are_predicted_from_eager_plans_where_it_runs_best(stand):
    now = stand("cnn")
    assert told(now) == {(now.estimate.plan.place, False)}
    assert len(now.own) > 1
    bare = msgspec.structs.replace(PROFILE, measurements=PROFILE.measurements[:3])
    untimed = stand("cnn", bare)
    assert untimed.estimate.plan.place == "gpu:0"
    assert told(untimed) == {("gpu:0", False)}
    assert len(untimed.own) == 1
