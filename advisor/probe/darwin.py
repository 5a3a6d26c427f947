"""macOS: processors and memory by sysctl(8), free pages by vm_stat(1), battery by pmset(1)."""

import re

from advisor.machine import Cache, CoreType, Cpu, Gap, Memory, Power
from advisor.probe import memory
from advisor.probe.numa import Numa
from advisor.probe.parse import pairs, whole
from advisor.probe.processor import Seen
from advisor.probe.source import Source
from advisor.probe.surroundings import SOME

HARDWARE = ("sysctl", "hw", "machdep.cpu")
VIRTUAL = ("sysctl", "-n", "kern.hv_vmm_present")
PAGES = ("vm_stat",)
BATTERY = ("pmset", "-g", "batt")
_NO_NODES = Numa((), None, (Gap("cpu.numa_nodes", "macOS tells of no NUMA nodes"),))
_FEATURES = {
    "hw.optional.neon": "neon",
    "hw.optional.AdvSIMD": "neon",
    "hw.optional.arm.FEAT_FP16": "fp16",
    "hw.optional.arm.FEAT_FHM": "fp16fml",
    "hw.optional.arm.FEAT_DotProd": "dotprod",
    "hw.optional.arm.FEAT_I8MM": "i8mm",
    "hw.optional.arm.FEAT_BF16": "bf16",
    "hw.optional.arm.FEAT_SME": "sme",
    "hw.optional.arm.FEAT_SME2": "sme2",
}
_INTEL = {
    "SSE4.1": "sse4_1", "SSE4.2": "sse4_2", "AVX1.0": "avx", "F16C": "f16c", "FMA": "fma",
    "AVX2": "avx2", "AVX512F": "avx512f", "AVX512BW": "avx512bw", "AVX512VL": "avx512vl",
    "AVX512VNNI": "avx512_vnni",
}  # fmt: skip


def processors(source: Source) -> Seen:
    """See the processors; macOS numbers no CPUs, so they are counted from 0."""
    told = pairs(source.run(*HARDWARE))
    number = {key: whole(value) for key, value in told.items()}
    threads = number.get("hw.logicalcpu")
    brand = told.get("machdep.cpu.brand_string")
    arm = number.get("hw.optional.arm64") == 1 or (brand or "").startswith("Apple")
    cpu = Cpu(
        vendor="Apple" if arm else told.get("machdep.cpu.vendor"),
        model=brand,
        architecture=("arm64" if arm else "x86_64") if told else None,
        sockets=number.get("hw.packages"),
        cores=number.get("hw.physicalcpu"),
        threads_online=threads,
        threads_present=number.get("hw.logicalcpu_max") or threads,
        l3_bytes=_third(number),
        core_types=_kinds(told, number),
        caches=_caches(number) or None,
        isa=_isa(told) if told else None,
        hypervisor=SOME if source.run(*VIRTUAL) == "1" else None,
        max_hz=number.get("hw.cpufrequency_max"),
        base_hz=number.get("hw.cpufrequency"),
    )
    online = frozenset(range(min(threads, 4096))) if threads else frozenset[int]()
    gaps = (*_NO_NODES.gaps, *_gaps(source, cpu, arm=arm))
    return Seen(cpu, _NO_NODES, online, told.get("hw.model"), gaps)


def _gaps(source: Source, cpu: Cpu, *, arm: bool) -> list[Gap]:
    why = source.why("\0".join(HARDWARE))
    reasons = dict.fromkeys(
        ("vendor", "model", "architecture", "sockets", "cores", "threads_online", "isa"), why
    )
    reasons["l3_bytes"] = "Apple's chips tell of no level-3 cache" if arm else why
    reasons["max_hz"] = reasons["base_hz"] = "Apple's chips do not tell clocks" if arm else why
    if source.run(*VIRTUAL) not in {"0", "1"}:
        reasons["hypervisor"] = source.why("\0".join(VIRTUAL))
    reasons["peaks"] = "the clocks are not known"
    reasons["steal"] = "macOS does not count it"
    return [Gap(f"cpu.{k}", why) for k, why in reasons.items() if getattr(cpu, k) is None]


def _third(number: dict[str, int | None]) -> int | None:
    size, packages = number.get("hw.l3cachesize"), number.get("hw.packages")
    return size * packages if size and packages else None


def _kinds(told: dict[str, str], number: dict[str, int | None]) -> tuple[CoreType, ...] | None:
    """Performance levels, fastest first; macOS does not say which CPU is of which."""
    levels = range(min(number.get("hw.nperflevels") or 0, 8))
    return (
        tuple(
            CoreType(
                told.get(f"hw.perflevel{level}.name", f"level {level}").lower(),
                (),
                number.get(f"hw.perflevel{level}.physicalcpu"),
            )
            for level in levels
        )
        or None
    )


def _caches(number: dict[str, int | None]) -> tuple[Cache, ...]:
    found = []
    for level in range(min(number.get("hw.nperflevels") or 0, 8)):
        name = f"hw.perflevel{level}"
        cores, shared = number.get(f"{name}.physicalcpu"), number.get(f"{name}.cpusperl2")
        for key, depth, kind, by in (
            ("l1dcachesize", 1, "data", 1),
            ("l1icachesize", 1, "instruction", 1),
            ("l2cachesize", 2, "unified", shared),
        ):
            size = number.get(f"{name}.{key}")
            if size and cores and by:
                found.append(Cache(depth, kind, -(-cores // by), size))
    return tuple(found)


def _isa(told: dict[str, str]) -> tuple[str, ...]:
    words = f"{told.get('machdep.cpu.features', '')} {told.get('machdep.cpu.leaf7_features', '')}"
    intel = {_INTEL[word] for word in words.split() if word in _INTEL}
    return tuple(sorted(intel | {name for key, name in _FEATURES.items() if told.get(key) == "1"}))


def ram(source: Source) -> memory.Seen:
    """See memory: what is free, inactive or speculative can be given to a program."""
    total = whole(pairs(source.run(*HARDWARE)).get("hw.memsize"))
    text = source.run(*PAGES) or ""
    page = re.search(r"page size of (\d{3,7}) bytes", text)
    counts = [re.search(rf"^Pages {k}:\s+(\d{{1,15}})\.", text, re.MULTILINE) for k in _FREE]
    available = sum(int(c[1]) for c in counts if c) * int(page[1]) if page and all(counts) else None
    whys = {"total_bytes": "\0".join(HARDWARE), "available_bytes": "\0".join(PAGES)}
    seen = Memory(total_bytes=total, available_bytes=available)
    gaps = [Gap(f"memory.{k}", source.why(v)) for k, v in whys.items() if getattr(seen, k) is None]
    return memory.Seen(seen, tuple(gaps))


_FREE = ("free", "inactive", "speculative")


def power(source: Source) -> Power:
    """See whether the machine runs from its battery."""
    text = source.run(*BATTERY) or ""
    drawing = re.search(r"drawing from '(AC|Battery) Power'", text)
    charge = re.search(r"InternalBattery.*?\t(\d{1,3})%", text)
    return Power(
        on_battery=drawing[1] == "Battery" if drawing else None,
        battery=int(charge[1]) / 100 if charge else None,
    )
