"""GPUs that are alike: what is predicted of one, or of several at once, holds for the others."""

from collections.abc import Iterable, Iterator, Sequence

from advisor.machine import Device, gpus
from advisor.measurement import Quality
from advisor.profile import Profile

# What tells how fast a GPU is, and by how much it must surely be slower to be told apart from those
# of its part: a tenth, which is what rules ask of a gain.
_RATES = ("matmul.peak", "memory.copy")
_APART = 1.1
# GPUs whose free memory differs by less than this share of all of it are as free as one another.
_FREE = 0.1

Piece = tuple[Device, ...]


def alike(devices: Iterable[Device], profile: Profile) -> tuple[Piece, ...]:
    """Group devices that do as well as one another; the first of each group speaks for it.

    They are one part in slots alike, under one limit, as healthy, and as fast where it was timed.
    Of those that have about the most free memory, one that was timed comes first.
    """
    slow = frozenset(_slow(profile))
    timed = {m.device for m in profile.measurements if m.name == "matmul.peak"}
    groups: dict[tuple[object, ...], list[Device]] = {}
    for one in devices:
        groups.setdefault((_kind(one), one.id in slow), []).append(one)
    return tuple(
        tuple(sorted(group, key=lambda one: (-_free(one), one.id not in timed)))
        for group in groups.values()
    )


def _kind(one: Device) -> tuple[object, ...]:
    """Name what must be the same of two GPUs for a prediction and a rule to hold for both."""
    ill = one.rows_failed, one.rows_pending, one.pages_pending, bool(one.ecc_uncorrected)
    part = one.name, one.memory_bytes, one.power_limit_watts, one.pcie_width
    return part, one.state, one.compute_mode, one.torch_runs, bool(one.xids), ill


def _free(one: Device) -> float:
    """Return the free share of the memory in coarse steps; 0 where it is not known."""
    if not one.memory_free_bytes or not one.memory_bytes:
        return 0.0
    return round(one.memory_free_bytes / one.memory_bytes / _FREE)


def _slow(profile: Profile) -> Iterator[str]:
    """Name the GPUs that were timed to be surely slower than the best of their part."""
    name = {gpu.id: gpu.name for gpu in gpus(profile.machine)}
    timed = [
        m
        for m in profile.measurements
        if m.name in _RATES and m.device in name and m.quality is not Quality.INVALID
    ]
    best: dict[tuple[str | None, str, str | None], float] = {}
    for m in timed:
        what = name[m.device], m.name, m.dtype
        best[what] = max(best.get(what, 0.0), m.low)
    return (m.device for m in timed if _APART * m.high < best[name[m.device], m.name, m.dtype])


def room(piece: Piece) -> float:
    """Return the bytes that each of some GPUs has free; 0 where one does not tell."""
    return min((gpu.memory_free_bytes or gpu.memory_bytes or 0 for gpu in piece), default=0)


def pieces(profile: Profile) -> Iterator[tuple[Piece, ...]]:
    """Group places that several GPUs of one name make together: pairs, halves, and all of them.

    Pairs and halves are of GPUs that are alike where there are so many, those with the most free
    memory and neighbours together.
    """
    named: dict[str | None, list[Device]] = {}
    for gpu in gpus(profile.machine, slices=False):
        named.setdefault(gpu.name, []).append(gpu)
    for name, group in named.items():
        if not name or len(group) < 2:
            continue
        same = max(alike(group, profile), key=len)
        half = len(group) // 2 if len(group) > 4 else 2
        for size in sorted({2, half, len(group)}):
            cut = _cut(same if len(same) >= size else group, size)
            yield tuple(tuple(sorted(piece, key=group.index)) for piece in cut)


def _cut(group: Sequence[Device], size: int) -> Iterator[Sequence[Device]]:
    return (group[i : i + size] for i in range(0, len(group) - size + 1, size))
