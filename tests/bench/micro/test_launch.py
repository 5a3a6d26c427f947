import pytest

from advisor.bench.micro import launch
from advisor.bench.task import Place, Site
from tests.bench.micro.fakes import FakeHands

CPU = Place(device="cpu", kind="cpu", torch="cpu")
GPU = Place(device="gpu:0", kind="cuda", torch="cuda:0")


def test_only_devices_with_a_queue_are_asked_how_long_a_queued_operation_takes():
    site = Site(places=(CPU, GPU), threads=1, folder=".")
    assert [(t.name, t.device) for t in launch.tasks(site)] == [("launch.queued", "gpu:0")]
    assert [(t.name, t.device) for t in launch.headline(site, ())] == [
        ("launch.latency", "cpu"),
        ("launch.latency", "gpu:0"),
    ]


def test_without_torch_nothing_is_launched():
    bare = Site(places=(Place(device="cpu", kind="cpu"),), threads=1, folder=".")
    assert list(launch.headline(bare, ())) == []


@pytest.mark.parametrize(
    ("place", "name", "calls", "wall"),
    [
        (CPU, "launch.latency", ["add on cpu"], True),
        (GPU, "launch.latency", ["add on cuda:0", "synchronize"], True),
        (GPU, "launch.queued", ["add on cuda:0"], False),
    ],
)
def test_latency_waits_for_the_operation_and_a_queue_does_not(place, name, calls, wall):
    hands = FakeHands()
    task = launch._task(place, name)
    launch.prepare(task, hands).call()
    assert hands.torch.calls == calls
    assert task.wall is wall
    assert task.unit == "s"
