"""Several workloads are answered for one by one, then given places on the one machine."""

from pathlib import Path

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question
from advisor.pipeline.saved import read_profile
from advisor.pipeline.together import recommend_all
from tests.pipeline.test_recommend import never, planted

GOLDEN = Path(__file__).parent.parent / "golden"


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


def test_gpus_alike_are_shared_out():
    node = Look(profile=GOLDEN / "node.json")
    found = recommend_all([Question(workload=w, look=node) for w in ("cnn", "vit")], never)
    places = sorted(line.plan.place for line in found.assigned["training"])
    assert places == ["gpu:0+1+2+3", "gpu:4+5+6+7"]


def test_a_gpu_that_others_use_is_given_only_what_fits_there(tmp_path):
    profile = read_profile(GOLDEN / "node.json")
    *free, last = profile.machine.devices
    used = msgspec.structs.replace(last, memory_free_bytes=10**9)
    machine = msgspec.structs.replace(profile.machine, devices=(*free, used))
    path = tmp_path / "used.json"
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(profile, machine=machine)))
    asked = [Question(workload=w, look=Look(profile=path)) for w in ("cnn", "vit")]
    found = recommend_all(asked, never)
    assert [line.plan.place for line in found.assigned["training"]] == ["gpu:4+5", "gpu:0+1+2+3"]
