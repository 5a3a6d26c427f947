import pytest

from advisor.bench.micro import host_link
from advisor.bench.task import Place, Site
from tests.bench.micro.fakes import FakeHands

GPU = Place(device="gpu:0", kind="cuda", torch="cuda:0", hardware="GPU-1")
MPS = Place(device="gpu:0", kind="mps", torch="mps")


def tasks(place):
    site = Site(places=(Place(device="cpu", kind="cpu", torch="cpu"), place), threads=1, folder=".")
    return {t.name: t for t in (*host_link.tasks(site), *host_link.headline(site, ()))}


def test_links_have_ids_of_their_own_and_go_down_with_their_device():
    planned = tasks(GPU)
    assert set(planned) == {
        "host_link.h2d",
        "host_link.d2h",
        "host_link.h2d.pageable",
        "host_link.d2h.pageable",
    }
    assert {task.device for task in planned.values()} == {"link:gpu:0"}
    assert {task.fate for task in planned.values()} == {"gpu:0"}
    assert {task.hardware for task in planned.values()} == {"GPU-1"}


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("host_link.h2d", "cpu to cuda:0"),
        ("host_link.d2h", "cuda:0 to cpu"),
        ("host_link.h2d.pageable", "cpu to cuda:0 and wait"),
        ("host_link.d2h.pageable", "cuda:0 to cpu and wait"),
    ],
)
def test_transfers_go_the_way_they_say(name, call):
    hands = FakeHands()
    ready = host_link.prepare(tasks(GPU)[name], hands)
    ready.call()
    assert hands.torch.calls == [call]
    assert ready.doubt is None


def test_where_memory_is_not_pinned_the_figure_is_doubted():
    ready = host_link.prepare(tasks(MPS)["host_link.h2d"], FakeHands())
    assert ready.doubt == "this torch pins no memory for it"
