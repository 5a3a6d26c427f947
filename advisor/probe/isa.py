"""The instruction sets that matter to machine learning, under one name each.

x86 names are the kernel's (arch/x86/include/asm/cpufeatures.h). Arm's are shortened to those that
libraries use (kernel: arch/arm64/elf_hwcaps). RISC-V's single letters are spelt out.
"""

import re

from advisor.probe.cpuinfo import CpuInfo

_X86 = frozenset(
    [
        "sse4_1",
        "sse4_2",
        "avx",
        "f16c",
        "fma",
        "avx2",
        "avx_vnni",
        "avx_vnni_int8",
        "avx_ne_convert",
        "avx_ifma",
        "avx512f",
        "avx512bw",
        "avx512cd",
        "avx512dq",
        "avx512vl",
        "avx512vbmi",
        "avx512_vbmi2",
        "avx512_vnni",
        "avx512_bf16",
        "avx512_fp16",
        "avx512_vp2intersect",
        "amx_tile",
        "amx_int8",
        "amx_bf16",
        "amx_fp16",
        "amx_complex",
        "amx_fp8",
        "amx_tf32",
    ]
)
_OTHER = frozenset(["lsx", "lasx", "vx", "vxe", "vxe2", "vxe3", "nnpa", "vis"])
_ARM = {
    "neon": "neon",
    "asimd": "neon",
    "asimdhp": "fp16",
    "asimdfhm": "fp16fml",
    "asimddp": "dotprod",
    "i8mm": "i8mm",
    "bf16": "bf16",
    "sve": "sve",
    "sve2": "sve2",
    "svei8mm": "svei8mm",
    "svebf16": "svebf16",
    "sme": "sme",
    "sme2": "sme2",
}
_RISCV = {"v": "rvv", "zvfh": "zvfh", "zvfbfwma": "zvfbfwma", "zve32x": "zve32x", "zfh": "zfh"}


def look(info: CpuInfo) -> tuple[str, ...] | None:
    """Return what all CPUs can do; None where the kernel does not say."""
    texts = [text for lines in info.cpus.values() if (text := _text(lines))]
    told = texts or [text for text in [_text(info.machine)] if text]
    if not told:
        return None
    common = set.intersection(*(names(text) for text in set(told)))
    return tuple(sorted(common | _by_name(info.any("cpu") or "")))


def _text(lines: dict[str, str]) -> str:
    return lines.get("flags") or lines.get("features") or lines.get("isa") or _power(lines)


def _power(lines: dict[str, str]) -> str:
    return lines.get("cpu", "") if "altivec" in lines.get("cpu", "") else lines.get("cpucaps", "")


def names(text: str) -> set[str]:
    """Return the names in one line of flags, features or a RISC-V ISA string."""
    if re.match(r"rv(32|64|128)", text):
        letters, *words = re.sub(r"^rv\d+", "", text).split("_")
        return {_RISCV[word] for word in [*letters, *words] if word in _RISCV}
    words = re.split(r"[\s,]+", text)
    return {w for w in words if w in _X86 or w in _OTHER} | {_ARM[w] for w in words if w in _ARM}


def _by_name(cpu: str) -> set[str]:
    """POWER prints AltiVec only; VSX came with POWER7, MMA with POWER10 (Power ISA 2.06, 3.1)."""
    match = re.match(r"POWER(\d+)", cpu)
    if not match or "altivec" not in cpu:
        return {"altivec"} if "altivec" in cpu else set()
    return {"altivec"} | {n for n, first in {"vsx": 7, "mma": 10}.items() if int(match[1]) >= first}
