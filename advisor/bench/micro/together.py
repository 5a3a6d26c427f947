"""Several accelerators at once: what all of them multiply when none waits for another."""

from collections.abc import Iterator, Sequence

from advisor.bench.hands import Hands
from advisor.bench.task import Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "matrix multiplication on all accelerators at once (matmul.together)"
TORCH = True

# A square product large enough for its rate to be near the peak of today's cards.
SIDE = 4096
_DTYPES = ("bf16", "fp16", "fp32")
_CALLS = 8  # queued on each card before any is waited for


def tasks(site: Site) -> Iterator[Task | Gap]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing besides the headline."""
    return iter(())


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001
    """Plan one product on every card of a kind, in the best format that all of them run."""
    for kind in ("cuda", "xpu"):
        cards = [place for place in site.places if place.kind == kind and place.torch]
        shared = [d for d in _DTYPES if all(d in place.dtypes for place in cards)]
        if len(cards) > 1 and shared:
            yield _task(cards, shared[0])


def _task(cards: Sequence[Place], dtype: str) -> Task:
    return Task(
        benchmark="together",
        name="matmul.together",
        device="peer:" + "+".join(place.device for place in cards),
        torch=cards[0].torch,
        dtype=dtype,
        unit="FLOP/s",
        work=2.0 * SIDE**3 * _CALLS * len(cards),
        conditions={
            "m": SIDE,
            "n": SIDE,
            "k": SIDE,
            "devices": ",".join(place.torch or "" for place in cards),
        },
        bytes=3 * SIDE**2 * 4,
        samples=3,
        wall=True,
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Queue products on each card in turn, then wait for all of them."""
    names, dtype = str(task.conditions["devices"]).split(","), task.dtype or ""
    sides = [
        tuple(hands.normal(role, SIDE**2, dtype, name).view(SIDE, SIDE) for role in "xwy")
        for name in names
    ]
    multiply, wait = hands.torch.mm, hands.module(names[0]).synchronize

    def together() -> None:
        for _ in range(_CALLS):
            for x, w, y in sides:
                multiply(x, w, out=y)
        for name in names:
            wait(name)

    return Ready(call=together)
