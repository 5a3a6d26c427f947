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
    path.write_bytes(msgspec.json.encode(PROFILE))

    def made(workload):
        question = Question(workload=workload, look=Look(profile=path))
        return standing(read(question), question, ground(question, lambda: PROFILE))

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
