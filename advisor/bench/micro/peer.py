"""Between accelerators: direct copies, and the bus bandwidth of an all-reduce."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from advisor.bench.hands import Hands
from advisor.bench.task import Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "copies between accelerators, and all-reduce over them"
TORCH = True

BYTES = 256 * 2**20
_KINDS = ("cuda", "xpu")
_NO_REDUCE = "torch.xpu has no all-reduce within one process, as torch.cuda.nccl is"


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan a copy between each two neighbours in PCI order."""
    for kind in _KINDS:
        for one, other in pairwise(_peers(site, kind)):
            yield _task([one, other], "peer.copy", float(BYTES))


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task | Gap]:  # noqa: ARG001 - same for all plug-ins
    """Plan the all-reduce over all; bus bandwidth counts 2·(n-1)/n of the bytes (nccl-tests)."""
    for kind in _KINDS:
        peers = _peers(site, kind)
        share = 2.0 * (len(peers) - 1) / max(len(peers), 1)
        if len(peers) > 1:
            planned = _task(peers, "peer.allreduce", share * BYTES)
            yield planned if kind == "cuda" else Gap(planned.what, _NO_REDUCE)


def _peers(site: Site, kind: str) -> list[Place]:
    return [place for place in site.places if place.kind == kind and place.torch]


def _task(places: Sequence[Place], name: str, work: float) -> Task:
    return Task(
        benchmark="peer",
        name=name,
        device="peer:" + "+".join(place.device for place in places),
        torch=places[0].torch,
        unit="bytes/s",
        work=work,
        conditions={
            "bytes": BYTES,
            "devices": ",".join(place.torch or "" for place in places),
        },
        bytes=BYTES,
        samples=3,
        wall=True,
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Move one buffer a device, and wait until all of them are done."""
    torch = hands.torch
    names = str(task.conditions["devices"]).split(",")
    buffers = [hands.normal("peer", BYTES // 4, "fp32", name) for name in names]

    copies = task.name == "peer.copy"

    def move() -> None:
        if copies:
            buffers[1].copy_(buffers[0])
        else:
            torch.cuda.nccl.all_reduce(buffers)
        for name in names:
            hands.module(name).synchronize(name)

    return Ready(call=move, conditions={"method": "copy_" if copies else "nccl"})
