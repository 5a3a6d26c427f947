"""Scaled dot-product attention: whole prompts (prefill) and one token at a time (decode)."""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.bench.hands import Hands
from advisor.bench.task import POINT_SECONDS, Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "scaled dot-product attention, prefill and decode"
TORCH = True


class Shape(msgspec.Struct, frozen=True):
    """``batch`` × ``heads`` of ``queries`` against ``keys`` vectors of length ``head``."""

    batch: int
    heads: int
    queries: int
    keys: int
    head: int

    @property
    def flops(self) -> float:
        """Return the FLOP of both products, unmasked; a multiply-add is two."""
        return 4.0 * self.batch * self.heads * self.queries * self.keys * self.head

    @property
    def elements(self) -> int:
        """Return the elements of queries, keys and values."""
        return self.batch * self.heads * (self.queries + 2 * self.keys) * self.head


# BERT-base at 128 and 512 tokens, ViT-B/16 (197 tokens), LLaMA-7B's heads on a prompt and decoding
# at a context of 2,048, alone and for eight (shapes from the models' papers); prefill and decode in
# turn, for where time ends early.
SHAPES = (
    Shape(8, 12, 128, 128, 64),
    Shape(1, 32, 1, 2048, 128),
    Shape(8, 12, 197, 197, 64),
    Shape(1, 32, 512, 512, 128),
    Shape(8, 32, 1, 2048, 128),
    Shape(1, 12, 512, 512, 64),
    Shape(1, 32, 2048, 2048, 128),
)
_MOST_SECONDS = 0.06


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan every shape in the formats that transformers are run in."""
    for place in site.places:
        usual = ("fp32", "bf16", "fp16") if place.events else ("fp32", "bf16")
        for dtype in place.can(*usual):
            for shape in SHAPES:
                yield _task(place, dtype, shape)


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing: the predictor reads the surface."""
    return iter(())


def _task(place: Place, dtype: str, shape: Shape) -> Task:
    return Task(
        benchmark="attention",
        name="attention",
        device=place.device,
        torch=place.torch,
        hardware=place.hardware,
        dtype=dtype,
        unit="FLOP/s",
        work=shape.flops,
        conditions={
            "batch": shape.batch,
            "heads": shape.heads,
            "d": shape.head,
            "q": shape.queries,
            "kv": shape.keys,
            "causal": False,
        },
        bytes=4 * shape.elements,
        rank=2,
        batch_seconds=POINT_SECONDS,
        washed=place.torch == "cpu",
        most_seconds=_MOST_SECONDS,
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Make one unmasked attention over random normals; torch chooses the kernel."""
    batch, heads, queries, keys, head = (
        int(task.conditions[name] or 0) for name in ("batch", "heads", "q", "kv", "d")
    )

    def operand(role: str, length: int) -> object:
        flat = hands.normal(role, batch * heads * length * head, task.dtype or "", task.torch or "")
        return flat.view(batch, heads, length, head)

    q, k, v = operand("q", queries), operand("k", keys), operand("v", keys)
    attend = hands.torch.nn.functional.scaled_dot_product_attention
    return Ready(call=lambda: attend(q, k, v))
