"""Several workloads are answered for one by one, then given places on the one machine."""

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question
from advisor.pipeline.together import recommend_all
from tests.pipeline.test_recommend import never, planted


@pytest.fixture
def look(tmp_path):
    path = tmp_path / "p.json"
    path.write_bytes(msgspec.json.encode(planted(1e14)))
    return Look(profile=path)


def test_each_has_an_answer_and_a_place(look):
    found = recommend_all([Question(workload=w, look=look) for w in ("cnn", "trees")], never)
    assert [report.workload for report in found.answers] == ["cnn", "trees"]
    places = {line.workload: line.plan.place for line in found.assigned["training"]}
    assert places["cnn"] == "gpu:0"
    assert set(places) == {"cnn", "trees"}
    assert [line.workload for line in found.assigned["inference"]] == ["cnn"]
    assert all(line.plan.basis and line.because for line in found.assigned["training"])


def test_one_named_twice_is_told(look):
    with pytest.raises(AdvisorError, match="named twice"):
        recommend_all([Question(workload="cnn", look=look)] * 2, never)
