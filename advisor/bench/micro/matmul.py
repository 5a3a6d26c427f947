"""Dense matrix multiplication per dtype: a surface of shapes, and the best of them."""

import math
from collections import Counter
from collections.abc import Iterator, Sequence

from advisor.bench.hands import Hands
from advisor.bench.task import Condition, Place, Ready, Site, Task
from advisor.machine import Gap
from advisor.measurement import Measurement, Quality

TITLE = "matrix multiplication per dtype and shape, and the best rate (matmul.peak)"
TORCH = True

# (m, n, k) of y[m, n] = x[m, k] · w[n, k]ᵀ, smallest first so that rates are known before large
# ones are tried. Squares span the ridge; the rest are layers of common networks: a decoded token
# and small batches against 768- and 4096-wide weights (BERT, LLaMA), ResNet-50's convolutions as
# products, a classifier head.
#
# What comes closest to the peak on a CPU is where the library's blocks fit (Goto and van de Geijn,
# Anatomy of high-performance matrix multiplication, 2008): k of some hundreds, so that a panel of
# either side stays in a level-2 cache while each sum is long; one side of thousands, cut evenly
# over the threads and sharing what is packed of the other; which side that is, is the library's
# choice, so both are here, with cubes (also larger ones, for many cores and for accelerators) and a
# deep k (for matrix units whose sums stay in registers, and, with a small result, for formats that
# are converted as they are summed).
SHAPES = (
    *((64, 64, 64), (1, 768, 768), (16, 768, 768), (128, 128, 128), (8, 1000, 2048)),
    *((1, 4096, 4096), (256, 256, 256), (128, 768, 768), (49, 2048, 512), (3136, 64, 64)),
    *((196, 256, 1024), (512, 512, 512), (8, 4096, 4096), (128, 3072, 768), (3136, 64, 576)),
    *((784, 128, 1152), (512, 256, 4096), (1024, 1024, 1024), (2048, 1024, 512)),
    *((4096, 768, 384), (3072, 768, 768), (768, 4096, 768), (512, 4096, 1024)),
    *((8192, 768, 384), (1024, 3072, 1024), (1536, 1536, 1536), (1024, 1024, 4096)),
    (4096, 1024, 1024),
    *((2048, 2048, 2048), (512, 4096, 4096), (4096, 4096, 4096), (8192, 8192, 8192)),
)
# However little time there is, these tell a peak, of a small board as of a large accelerator.
_FIRST = {
    *((1, 4096, 4096), (512, 512, 512), (2048, 1024, 512), (3072, 768, 768)),
    *((4096, 4096, 4096), (8192, 8192, 8192)),
}
# Candidates for the best rate are planned before the rest.
_CANDIDATES = {
    *((256, 256, 256), (512, 256, 4096), (1024, 1024, 1024), (4096, 768, 384), (768, 4096, 768)),
    *((512, 4096, 1024), (8192, 768, 384), (1024, 3072, 1024), (1536, 1536, 1536)),
    *((1024, 1024, 4096), (4096, 1024, 1024), (2048, 2048, 2048), (512, 4096, 4096)),
}
# So many at most, within this share of the best of one look, are timed again.
_RIVALS = 6
_NEAR = 0.9
_BYTES = {"fp32": 4, "tf32": 4, "bf16": 2, "fp16": 2, "fp64": 8, "fp8": 1, "int8": 1}
# A product that takes longer than this tells little more of a surface than the next smaller one; of
# the peak it may, where caches are large (fp16 on a guest told of 260 MiB: 12 % more): of those
# up to the second the smallest is tried beside the rivals.
_MOST_SECONDS, _LONGER_SECONDS = 0.03, 0.12
# Boost clocks of accelerators last about this long before the power limit holds (design: ≥ 1 s).
_HOLD_SECONDS = 1.0
# The formats that plans choose among; the others are timed too, but few shapes after all else.
_USUAL = ("fp32", "bf16", "fp16", "tf32")
_RARE_SHAPES = {(256, 256, 256), (1024, 1024, 1024), (1024, 3072, 1024), (8192, 8192, 8192)}


def tasks(site: Site) -> Iterator[Task | Gap]:
    """Plan the surface on every place that torch reaches."""
    for place in site.places:
        lacking = [dtype for dtype in _BYTES if dtype not in place.dtypes]
        if place.events and lacking:
            why = f"no matrix units are known there for {', '.join(lacking)}"
            yield Gap(f"measurements.matmul.{place.device}", why)
        for dtype in place.dtypes:
            for shape in SHAPES:
                if _fits(place, dtype, shape) and (dtype in _USUAL or shape in _RARE_SHAPES):
                    yield _task(place, dtype, shape)


def again(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:
    """Plan those near the best of each dtype once more, side by side, to tell which one it is.

    Beside them stands the next larger shape, which took too long for the surface.
    """
    for place, dtype, same in _surfaces(site, measured):
        ordered = sorted(_told(same), key=lambda m: m.value, reverse=True)
        near = [_shape(m) for m in ordered[:_RIVALS] if m.value >= _NEAR * ordered[0].value]
        larger = _larger(place, dtype, same, ordered[0].value)
        if len([*near, *larger]) > 1:
            yield from (_task(place, dtype, shape) for shape in near)
            yield from (_task(place, dtype, shape, most=_LONGER_SECONDS) for shape in larger)


def _larger(
    place: Place, dtype: str, same: Sequence[Measurement], rate: float
) -> list[tuple[int, int, int]]:
    """Return the smallest shape beyond all that were timed, if it does not take too long."""
    if dtype not in _USUAL:
        return []
    most = max(_operations(_shape(m)) for m in same)
    beyond = [s for s in SHAPES if _operations(s) > most and _fits(place, dtype, s)]
    found = min(beyond, key=_operations, default=None)
    return [found] if found and _operations(found) <= rate * _LONGER_SECONDS else []


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task | Gap]:
    """Plan the best shape of each dtype anew: a maximum of noisy figures would flatter."""
    for place, dtype, same in _surfaces(site, measured):
        latest = {_shape(m): m for m in same}
        if len(latest) == 1:  # a lone small shape is no peak
            why = "only one shape could be timed, which tells no peak"
            what = f"measurements.matmul.peak.{place.device}.{dtype}"
            yield Gap(what, why, "mlinfra bench matmul --time 60s")
        else:
            shapes = Counter(map(_shape, same))
            looked_at_again = [m for s, m in latest.items() if shapes[s] > 1 or _long(m)]
            best = max(_told(looked_at_again or list(latest.values())), key=lambda m: m.value)
            yield _task(place, dtype, _shape(best), peak=True)


def _surfaces(
    site: Site, measured: Sequence[Measurement]
) -> Iterator[tuple[Place, str, list[Measurement]]]:
    """Part the products by place and dtype; where there are none there is no surface."""
    for place in site.places:
        for dtype in place.dtypes:
            what = ("matmul", place.device, dtype)
            same = [m for m in measured if (m.name, m.device, m.dtype) == what]
            if same:
                yield place, dtype, same


def _told(same: list[Measurement]) -> list[Measurement]:
    """Leave out those whose mean says nothing, if there are others."""
    return [m for m in same if m.quality is not Quality.INVALID] or same


def _shape(measured: Measurement) -> tuple[int, int, int]:
    m, n, k = (int(measured.conditions[axis] or 0) for axis in "mnk")
    return m, n, k


def _long(measured: Measurement) -> bool:
    """Whether a product took longer than those of a surface do."""
    return _operations(_shape(measured)) > _MOST_SECONDS * measured.value


def _operations(shape: tuple[int, int, int]) -> float:
    return 2.0 * math.prod(shape)


def _fits(place: Place, dtype: str, shape: tuple[int, int, int]) -> bool:
    m, n, k = shape
    if dtype == "int8" and place.kind == "cuda" and m <= 16:
        return False  # torch._int_mm wants more than 16 rows there
    if dtype == "fp8" and (n % 16 or k % 16):
        return False  # torch._scaled_mm wants multiples of 16
    room = place.memory_bytes
    return room is None or _size(dtype, shape) <= room // 8


def _size(dtype: str, shape: tuple[int, int, int]) -> int:
    m, n, k = shape
    return (m * k + n * k) * _BYTES[dtype] + m * n * 4


def _rank(dtype: str, shape: tuple[int, int, int]) -> int:
    """Plan candidates of the usual formats before all else, rare formats after it."""
    if dtype not in _USUAL:
        return 3
    if shape in _FIRST:
        return -3
    return -1 if shape in _CANDIDATES else 1


def _task(
    place: Place,
    dtype: str,
    shape: tuple[int, int, int],
    *,
    peak: bool = False,
    most: float = _MOST_SECONDS,
) -> Task:
    m, n, k = shape
    return Task(
        benchmark="matmul",
        name="matmul.peak" if peak else "matmul",
        device=place.device,
        torch=place.torch,
        hardware=place.hardware,
        dtype=dtype,
        unit="OP/s" if dtype == "int8" else "FLOP/s",
        work=_operations(shape),
        conditions={"m": m, "n": n, "k": k},
        bytes=_size(dtype, shape),
        rank=-3 if peak and dtype in _USUAL else _rank(dtype, shape),
        samples=3 if peak else 1,
        batch_seconds=place.batch_seconds,
        washed=place.torch == "cpu" and not peak,
        most_seconds=1e9 if peak else most,
        hold_seconds=_HOLD_SECONDS if peak and place.events else 0.0,
    )


def prepare(task: Task, hands: Hands) -> Ready:
    """Make y = x · wᵀ over pooled random operands, the layout that linear layers have."""
    torch, dtype, device = hands.torch, task.dtype or "", task.torch or "cpu"
    m, n, k = (int(task.conditions[name] or 0) for name in ("m", "n", "k"))
    x = hands.normal("x", m * k, dtype, device).view(m, k)
    w = hands.normal("w", n * k, dtype, device).view(n, k).t()
    how: dict[str, Condition] = {"layout": "x[m,k] · w[n,k]ᵀ"}
    if dtype == "int8":
        int_mm = torch._int_mm  # noqa: SLF001 - torch has no public int8 product
        return Ready(call=lambda: int_mm(x, w), conditions={**how, "accumulates": "int32"})
    if dtype == "fp8":
        one = torch.ones((), device=device)
        options = {"scale_a": one, "scale_b": one, "out_dtype": torch.bfloat16}
        scaled_mm = torch._scaled_mm  # noqa: SLF001 - torch has no public fp8 product
        return Ready(call=lambda: scaled_mm(x, w, **options), conditions=how)
    out = torch.empty(m, n, dtype=hands.dtype(dtype), device=device)
    return Ready(call=lambda: torch.mm(x, w, out=out), conditions=how)
