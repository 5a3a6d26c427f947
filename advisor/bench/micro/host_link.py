"""The link between host memory and a device: both ways, from pinned and from pageable memory."""

from collections.abc import Iterator, Sequence

from advisor.bench.hands import Hands
from advisor.bench.task import Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "host to device and back, pinned and pageable"
TORCH = True

# Large enough that PCIe's latency (microseconds) is below a thousandth of a transfer.
BYTES = 64 * 2**20
_WAYS = ("h2d", "d2h")


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan transfers from pageable memory, which is what programs do that do not ask for more."""
    return (task for place in _linked(site) for task in _both(place, pinned=False))


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001 - same for all plug-ins
    """Plan transfers from pinned memory: what the link can do."""
    return (task for place in _linked(site) for task in _both(place, pinned=True))


def _linked(site: Site) -> list[Place]:
    return [place for place in site.places if place.events and place.torch]


def _both(place: Place, *, pinned: bool) -> Iterator[Task]:
    for way in _WAYS:
        yield Task(
            benchmark="host_link",
            name=f"host_link.{way}" if pinned else f"host_link.{way}.pageable",
            device=f"link:{place.device}",
            torch=place.torch,
            hardware=place.hardware,
            unit="bytes/s",
            work=float(BYTES),
            conditions={"bytes": BYTES, "pinned": pinned},
            bytes=BYTES,
            samples=3,
            batch_seconds=place.batch_seconds,
        )


def prepare(task: Task, hands: Hands) -> Ready:
    """Copy one buffer over the link; a pinned one without waiting in between."""
    pinned = bool(task.conditions["pinned"])
    count = BYTES // 4
    host = hands.normal("host", count, "fp32", "cpu").clone()
    host = host.pin_memory() if pinned and (task.torch or "").startswith("cuda") else host
    device = hands.normal("link", count, "fp32", task.torch or "")
    to, source = (device, host) if ".h2d" in task.name else (host, device)
    doubt = "this torch pins no memory for it" if pinned and not host.is_pinned() else None
    return Ready(call=lambda: to.copy_(source, non_blocking=pinned), doubt=doubt)
