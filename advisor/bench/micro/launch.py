"""What one small operation costs: until it is done, and when many are queued."""

from collections.abc import Iterator, Sequence

from advisor.bench.hands import Hands
from advisor.bench.task import Condition, Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "time of one small operation, and of one of many queued"
TORCH = True


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan the queued operation, where there is a queue."""
    return (_task(place, "launch.queued") for place in site.places if place.torch and place.events)


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001 - same for all plug-ins
    """Plan the single operation: on a CPU it is what torch itself costs."""
    return (_task(place, "launch.latency") for place in site.places if place.torch)


def _task(place: Place, name: str) -> Task:
    return Task(
        benchmark="launch",
        name=name,
        device=place.device,
        torch=place.torch,
        hardware=place.hardware,
        unit="s",
        rank=-1,
        samples=3,
        batch_seconds=place.batch_seconds,
        wall=name == "launch.latency",
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Add to one element; wait for it, or let the next one follow."""
    device = task.torch or "cpu"
    one = hands.torch.zeros(1, device=device)
    how: dict[str, Condition] = {"operation": "add_ of one element"}
    if task.name == "launch.queued" or device == "cpu":
        return Ready(call=lambda: one.add_(1.0), conditions=how)
    wait = hands.module(device).synchronize
    return Ready(call=lambda: (one.add_(1.0), wait()), conditions=how)
