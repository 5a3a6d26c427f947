"""Theoretical peak of the processor: cores, clock, and operations a cycle of each core design."""

from collections.abc import Iterable

import msgspec

from advisor.machine import CoreType, Peak
from advisor.probe.cpuinfo import CpuInfo
from advisor.probe.designs import ARM, Design, Signature, x86
from advisor.probe.parse import whole

SOURCE = "operations a cycle: Agner Fog 2024, Arm optimization guides; clocks: the kernel"


class Work(msgspec.Struct, frozen=True):
    """Cores of one kind: their number, design and clocks in Hz (None: not known)."""

    cores: int
    design: Design
    base: float | None
    most: float | None


def look(
    info: CpuInfo,
    kinds: tuple[CoreType, ...] | None,
    base: dict[int, float],
    most: dict[int, float],
    isa: tuple[str, ...],
) -> tuple[Peak, ...] | None:
    """Return the peak of each data type; None where a core's design or clock is not known.

    ``base`` and ``most`` are clocks by CPU; ``most`` counts only where it is that of all cores.
    """
    works = [_work(info, kind, base, most, isa) for kind in kinds or ()]
    known = [work for work in works if work]
    if not known or len(known) < len(works):
        return None
    rates = _rates(known[0].design, isa)
    return tuple(_peak(dtype, factor, known, why) for dtype, (factor, why) in rates.items())


def _work(
    info: CpuInfo,
    kind: CoreType,
    base: dict[int, float],
    most: dict[int, float],
    isa: tuple[str, ...],
) -> Work | None:
    design = ARM.get(kind.name) or _x86(info, kind, isa)
    clock = min((base[cpu] for cpu in kind.cpus if cpu in base), default=None)
    top = min((most[cpu] for cpu in kind.cpus if cpu in most), default=None)
    # Arm's highest clock is that of all cores: without turbo there is one clock.
    top = top if kind.name in ARM else None
    if design is None or kind.cores is None or (clock is None and top is None):
        return None
    return Work(kind.cores, design, clock, top)


def _x86(info: CpuInfo, kind: CoreType, isa: tuple[str, ...]) -> Design | None:
    family, model = whole(info.any("cpu family")), whole(info.any("model"))
    vendor, name = info.any("vendor id") or "", info.any("model name") or ""
    if family is None or model is None:
        return None
    small = kind.name in {"efficiency", "low power"}
    return x86(Signature(vendor, family, model, name), small=small, amx="amx_tile" in isa)


def _rates(design: Design, isa: tuple[str, ...]) -> dict[str, tuple[float, str]]:
    """Factors over fp32 by data type; the instruction set says which there are."""
    rates = {"fp32": (1.0, ""), "fp64": (0.5, "half of fp32's")}
    if "avx512_fp16" in isa or ("fp16" in isa and design.arm):
        rates["fp16"] = (2.0, "twice fp32's")
    if ("avx512_vnni" in isa and design.wide) or ("avx_vnni" in isa and not design.wide):
        rates["int8"] = (4.0, "VNNI: four times fp32's")
    if "dotprod" in isa and design.arm:
        rates["int8"] = (4.0, "SDOT: four times fp32's")
    if "amx_bf16" in isa:
        # A tile product of 16 x 16 x 32 takes 16 cycles (Intel Optimization Manual, chapter 20).
        rates["bf16"] = (1024 / design.high, "AMX: 1024 a cycle")
    if "amx_int8" in isa:
        rates["int8"] = (2048 / design.high, "AMX: 2048 a cycle")
    return rates


def _peak(dtype: str, factor: float, works: list[Work], why: str) -> Peak:
    low = _sum((w.cores * w.design.low * factor, w.base) for w in works)
    high = _sum((w.cores * w.design.high * factor, w.most) for w in works)
    parts = " + ".join(_words(w, factor) for w in works)
    return Peak(dtype, low, high, f"{parts}{f' ({why})' if why else ''}", SOURCE)


def _sum(parts: Iterable[tuple[float, float | None]]) -> float | None:
    total = 0.0
    for rate, clock in parts:
        if clock is None:
            return None
        total += rate * clock
    return total


def _words(work: Work, factor: float) -> str:
    rates = sorted({work.design.low * factor, work.design.high * factor})
    rate = " to ".join(f"{r:g}" for r in rates)
    clocks = " to ".join(f"{c / 1e9:g}" for c in (work.base, work.most) if c)
    return f"{work.cores} cores x {rate} a cycle x {clocks} GHz"
