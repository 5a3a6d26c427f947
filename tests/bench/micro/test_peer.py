import pytest

from advisor.bench.micro import peer
from advisor.bench.task import Place, Site
from tests.bench.micro.fakes import FakeHands


def site(count, kind="cuda"):
    gpus = [Place(device=f"gpu:{i}", kind=kind, torch=f"{kind}:{i}") for i in range(count)]
    return Site(places=(Place(device="cpu", kind="cpu", torch="cpu"), *gpus), threads=1, folder=".")


@pytest.mark.parametrize("count", [0, 1])
def test_one_device_has_no_peer(count):
    assert list(peer.tasks(site(count))) == []
    assert list(peer.headline(site(count), ())) == []


def test_bus_bandwidth_counts_what_each_link_must_carry():
    (reduce,) = peer.headline(site(4), ())
    assert reduce.work == 1.5 * peer.BYTES
    assert reduce.device == "peer:gpu:0+gpu:1+gpu:2+gpu:3"
    assert [task.device for task in peer.tasks(site(3))] == ["peer:gpu:0+gpu:1", "peer:gpu:1+gpu:2"]


def test_where_torch_has_no_all_reduce_the_reason_is_told():
    assert [task.name for task in peer.tasks(site(2, "xpu"))] == ["peer.copy"]
    (gap,) = peer.headline(site(2, "xpu"), ())
    assert gap.what == "measurements.peer.allreduce.peer:gpu:0+gpu:1"
    assert "no all-reduce" in gap.why


@pytest.mark.parametrize(
    ("plan", "first"),
    [
        (lambda two: next(peer.tasks(two)), "cuda:0 to cuda:1 and wait"),
        (lambda two: next(peer.headline(two, ())), "all-reduce cuda:0 cuda:1"),
    ],
)
def test_all_devices_are_waited_for(plan, first):
    hands = FakeHands()
    peer.prepare(plan(site(2)), hands).call()
    assert hands.torch.calls == [first, "synchronize cuda:0", "synchronize cuda:1"]
