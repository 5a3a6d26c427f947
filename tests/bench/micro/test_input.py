import io
import sys

import pytest

from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import input as loader
from advisor.bench.task import Site, TaskError


def planned(torch="2.13"):
    return list(loader.headline(Site(places=(), threads=2, folder=".", torch=torch), ()))


def test_one_worker_is_planned_where_torch_is():
    (task,) = planned()
    assert (task.name, task.unit, task.conditions["workers"]) == ("input.images", "samples/s", 1)
    assert planned(torch=None) == []


def test_without_a_decoder_the_gap_names_the_remedy(monkeypatch):
    monkeypatch.setitem(sys.modules, "PIL", None)
    with pytest.raises(TaskError, match="no image decoder") as caught:
        loader.prepare(planned()[0], Hands(None, Start(1, ".")))
    assert caught.value.remedy == "pip install pillow"


@pytest.mark.torch
def test_a_sample_is_a_normalized_crop_made_by_one_thread():
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("PIL", reason="Pillow is not installed")
    before = torch.get_num_threads()
    hands = Hands(torch, Start(before, "."))
    ready = loader.prepare(planned()[0], hands)
    made = ready.call()
    assert made.shape == (224, 224, 3)
    assert float(made.std()) > 0.1
    assert abs(float(made.mean())) < 1
    assert torch.get_num_threads() == before


def test_a_photograph_has_detail_to_decode():
    image = pytest.importorskip("PIL.Image", reason="Pillow is not installed")
    data = loader._photograph(image, 1)
    assert image.open(io.BytesIO(data)).size == (loader.WIDTH, loader.HEIGHT)
    assert 105_000 < len(data) < 125_000  # ImageNet's photographs have 115 kB on average
    assert data == loader._photograph(image, 1) != loader._photograph(image, 2)
