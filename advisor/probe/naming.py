"""What a processor is called, by whom it is made, and its architecture."""

import re

import msgspec

from advisor.probe import arm
from advisor.probe.cpuinfo import PATH, CpuInfo
from advisor.probe.parse import whole
from advisor.probe.source import Source
from advisor.probe.topology import ROOT, Set

# Not names of products: "ARMv7 Processor rev 4 (v7l)", "AArch64 Processor rev 2 (aarch64)".
_GENERIC = re.compile(r"ARMv\d|ARM926|AArch64 Processor|unknown|\W*$", re.IGNORECASE)
_MAKERS = {
    "IBM/S390": "IBM",
    "0x489": "SiFive",
    "sifive": "SiFive",
    "thead": "T-Head",
    "andestech": "Andes",
    "0x31e": "Andes",
    "0x5b7": "T-Head",
    "0x710": "SpacemiT",
}


class Name(msgspec.Struct, frozen=True):
    """Vendor, model and architecture; ``cores`` are the designs of CPUs, where told."""

    vendor: str | None
    model: str | None
    architecture: str | None
    cores: dict[int, str]
    why: str = ""


def look(source: Source, info: CpuInfo, online: Set) -> Name:
    """Name the processor as the kernel does, or by its Arm part numbers."""
    parts = _parts(source, info, online)
    cores = {cpu: name for cpu, name in info.each("uarch").items() if cpu in online}
    cores |= {cpu: arm.core(*numbers) for cpu, numbers in parts.items() if cpu in online}
    model = _model(info) or _by_part(parts)
    return Name(
        vendor=_vendor(info, parts),
        model=model,
        architecture=_architecture(source, info, parts),
        cores=cores,
        why=_why(source, info, parts) if model is None or -1 in parts else "",
    )


def _model(info: CpuInfo) -> str | None:
    """A name that the kernel prints; each architecture has its own key for it."""
    names = (info.any(key) for key in ("model name", "cpu model", "uarch", "cpu"))
    return next((name for name in names if name and not _GENERIC.match(name)), None)


def _by_part(parts: dict[int, tuple[int, int]]) -> str | None:
    """All kinds of cores of a chip, in the order of their part numbers, which is that of age."""
    kinds = dict.fromkeys(arm.core(*numbers) for numbers in sorted(parts.values()))
    return " + ".join(kinds) or None


def _parts(source: Source, info: CpuInfo, online: Set) -> dict[int, tuple[int, int]]:
    """Implementer and part by CPU; -1 stands for "some CPU" in texts that do not say which."""
    found: dict[int, tuple[int, int]] = {}
    for cpu, lines in (*info.cpus.items(), (-1, info.machine)):
        numbers = whole(lines.get("cpu implementer")), whole(lines.get("cpu part"))
        if numbers[0] is not None and numbers[1] is not None:
            found[cpu] = numbers[0], numbers[1]
    for cpu in sorted(online - found.keys()):
        value = whole(source.text(f"{ROOT}/cpu{cpu}/regs/identification/midr_el1"))
        if value:
            found[cpu] = arm.midr(value)
    return found


def _vendor(info: CpuInfo, parts: dict[int, tuple[int, int]]) -> str | None:
    told = info.any("vendor id", "vendor", "mvendorid")
    if told:
        return _MAKERS.get(told, told)
    makers = dict.fromkeys(arm.IMPLEMENTERS.get(i) for i, _ in sorted(parts.values()))
    known = [maker for maker in makers if maker]
    if known:
        return " + ".join(known)
    design = (info.any("uarch") or "").partition(",")[0]
    if design in _MAKERS:
        return _MAKERS[design]
    cpu = info.any("cpu") or ""
    return "IBM" if cpu.startswith(("POWER", "PPC970", "CELL")) else None


def _architecture(source: Source, info: CpuInfo, parts: dict[int, tuple[int, int]]) -> str | None:
    """As `uname -m` says it; from the texts where no kernel can be asked."""
    told = source.text("/proc/sys/kernel/arch") or source.process("machine")
    if isinstance(told, str) and told:
        return told
    flags = set((info.any("flags", "features") or "").split())
    isa = re.match(r"rv(32|64)", info.any("isa") or "")
    if isa:
        return f"riscv{isa[1]}"
    if parts:
        return "aarch64" if "asimd" in flags or not flags else "arm"
    if info.any("vendor id") == "IBM/S390":
        return "s390x" if "zarch" in flags else "s390"
    return _by_words(source, info, flags)


def _by_words(source: Source, info: CpuInfo, flags: set[str]) -> str | None:
    if info.any("arch") == "IA-64":
        return "ia64"
    modalias = source.text(f"{ROOT}/modalias") or ""
    if "fpu" in flags and info.any("vendor id"):
        return "x86_64" if "lm" in flags else "i686"
    words = {
        "loongarch64": "loongarch64" in (info.any("isa") or "") or "type:loongarch" in modalias,
        "mips": (info.any("cpu model") or "").startswith(("MIPS", "Loongson")),
        "sparc64": (info.any("type") or "").startswith("sun4"),
        # Linux on 64-bit POWER only since 2005 (POWER4 is the oldest such).
        "ppc64": bool(re.match(r"POWER\d|PPC970", info.any("cpu") or "")),
        "x86_64": "type:x86" in modalias,
    }
    return next((name for name, is_it in words.items() if is_it), None)


def _why(source: Source, info: CpuInfo, parts: dict[int, tuple[int, int]]) -> str:
    if -1 in parts:
        return f"{PATH} gives the numbers of one core only; others may be of another design"
    if info.cpus or info.machine:
        return f"{PATH} names no model"
    return source.why(PATH)
