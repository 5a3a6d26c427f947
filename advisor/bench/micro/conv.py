"""Convolutions of common networks, in both memory layouts that torch has for images."""

from collections.abc import Iterator, Sequence

import msgspec

from advisor.bench.hands import Hands
from advisor.bench.task import POINT_SECONDS, Condition, Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "convolutions (stem, 3×3, 1×1, depthwise), in both layouts"
TORCH = True


class Shape(msgspec.Struct, frozen=True):
    """A square convolution of ``n`` images: ``c`` channels of ``h``², ``k`` filters of ``r``²."""

    c: int
    h: int
    k: int
    r: int
    stride: int = 1
    groups: int = 1

    @property
    def padding(self) -> int:
        """Return the padding that keeps the size, but for the stride."""
        return self.r // 2

    def flops(self, n: int) -> float:
        """Return the FLOP of one forward pass; a multiply-add is two."""
        out = (self.h + 2 * self.padding - self.r) // self.stride + 1
        return 2.0 * n * self.k * out * out * (self.c // self.groups) * self.r * self.r

    def elements(self, n: int) -> tuple[int, int]:
        """Return how many elements the input and the weights have."""
        return n * self.c * self.h * self.h, self.k * (self.c // self.groups) * self.r * self.r


# ResNet-50's stem, its 3×3 and 1×1 at three depths (He et al. 2016, table 1); ConvNeXt's 7×7 and
# MobileNet's 3×3 depthwise convolutions (Liu et al. 2022; Sandler et al. 2018, table 2). The first
# of them are of all kinds, for where time ends early.
SHAPES = (
    Shape(96, 56, 96, 3, groups=96),
    Shape(64, 56, 256, 1),
    Shape(64, 56, 64, 3),
    Shape(3, 224, 64, 7, stride=2),
    Shape(256, 14, 256, 3),
    Shape(1024, 14, 256, 1),
    Shape(384, 14, 384, 3, groups=384),
    Shape(128, 56, 128, 3, stride=2),
    Shape(512, 7, 512, 3),
    Shape(96, 56, 96, 7, groups=96),
)
LAYOUTS = ("nchw", "nhwc")
_HOST_IMAGES, _DEVICE_IMAGES = 8, 64
_MOST_SECONDS = 0.06


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan every shape in both layouts, in the formats that networks are run in."""
    for place in site.places:
        usual = ("fp32", "bf16", "fp16", "tf32") if place.events else ("fp32", "bf16")
        for dtype in place.can(*usual):
            for shape in SHAPES:
                for layout in LAYOUTS:
                    yield _task(place, dtype, shape, layout)


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing: the predictor reads the surface, people read matmul.peak."""
    return iter(())


def _task(place: Place, dtype: str, shape: Shape, layout: str) -> Task:
    n = _DEVICE_IMAGES if place.events else _HOST_IMAGES
    return Task(
        benchmark="conv",
        name="conv",
        device=place.device,
        torch=place.torch,
        hardware=place.hardware,
        dtype=dtype,
        unit="FLOP/s",
        work=shape.flops(n),
        conditions={**_sizes(n, shape), "layout": layout},
        bytes=4 * sum(shape.elements(n)),
        rank=2,
        batch_seconds=POINT_SECONDS,
        washed=place.torch == "cpu",
        most_seconds=_MOST_SECONDS,
    )


def _sizes(n: int, shape: Shape) -> dict[str, Condition]:
    return {
        "n": n,
        "c": shape.c,
        "h": shape.h,
        "w": shape.h,
        "k": shape.k,
        "r": shape.r,
        "s": shape.r,
        "stride": shape.stride,
        "padding": shape.padding,
        "groups": shape.groups,
    }


def prepare(task: Task, hands: Hands) -> Ready:
    """Make one forward convolution without bias; its output is allocated anew each time."""
    torch, device, dtype = hands.torch, task.torch or "cpu", task.dtype or ""
    n, c, h, k, r, stride, padding, groups = (
        int(task.conditions[name] or 0)
        for name in ("n", "c", "h", "k", "r", "stride", "padding", "groups")
    )
    wanted = torch.channels_last if task.conditions["layout"] == "nhwc" else torch.contiguous_format
    x = hands.normal("x", n * c * h * h, dtype, device).view(n, c, h, h)
    w = hands.normal("w", k * (c // groups) * r * r, dtype, device).view(k, c // groups, r, r)
    x, w = x.contiguous(memory_format=wanted), w.contiguous(memory_format=wanted)
    conv2d = torch.nn.functional.conv2d
    return Ready(call=lambda: conv2d(x, w, None, stride, padding, 1, groups))
