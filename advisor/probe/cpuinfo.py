"""Reads /proc/cpuinfo of any architecture; each has its own idea of it.

x86, Arm, RISC-V, LoongArch, POWER and ia64 print a block for each online CPU, then perhaps lines
for the machine. Old Arm kernels print all ``processor`` lines first and one core's lines after
them; s390 prints ``processor 0: …`` lines; sparc, alpha and old Arm print one block for all.
Keys vary in case and spelling (``Model Name``, ``model name``, ``vendor_id``, ``vendor``).
"""

import re
from collections.abc import Iterator

import msgspec

from advisor.probe.source import Source

PATH = "/proc/cpuinfo"
_S390 = re.compile(r"processor (\d+)", re.ASCII)


class CpuInfo(msgspec.Struct, frozen=True):
    """The lines of each CPU by its number, and those that belong to none; keys in lower case."""

    cpus: dict[int, dict[str, str]]
    machine: dict[str, str]

    def any(self, *keys: str) -> str | None:
        """Return the first value under any of these keys, of a CPU or the machine."""
        for lines in (*self.cpus.values(), self.machine):
            for key in keys:
                if lines.get(key):
                    return lines[key]
        return None

    def each(self, key: str) -> dict[int, str]:
        """Return the value under a key of every CPU that has it."""
        return {cpu: lines[key] for cpu, lines in self.cpus.items() if lines.get(key)}


def look(source: Source) -> CpuInfo:
    """Read the file; without it, nothing is known."""
    return read(source.text(PATH) or "")


def read(text: str) -> CpuInfo:
    """Read the text of /proc/cpuinfo."""
    cpus: dict[int, dict[str, str]] = {}
    machine: dict[str, str] = {}
    here = machine
    for key, value in _lines(text):
        number = int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None
        s390 = _S390.fullmatch(key)
        # RISC-V kernels before 4.20 print no other number than that of the hart.
        starts = key == "processor" or (key == "hart" and here is machine)
        if key == "" or (starts and number is not None):
            here = machine if key == "" else cpus.setdefault(number or 0, {})
        elif s390:
            cpus.setdefault(int(s390[1]), {})[key.partition(" ")[0]] = value
        else:
            # "Processor : AArch64 Processor rev 4": a name where a number is usual.
            here.setdefault("processor name" if key == "processor" else key, value)
    if not cpus and "cpu implementer" in machine:
        # Arm kernels print processor lines if they were built for more than one (CONFIG_SMP).
        return CpuInfo({0: machine}, {})
    return _old_arm(CpuInfo(cpus, machine))


def _lines(text: str) -> Iterator[tuple[str, str]]:
    """Yield keys, in lower case with single spaces, and values; an empty key ends a block."""
    for line in text.splitlines():
        key, mark, value = line.partition(":")
        key = " ".join(key.lower().replace("_", " ").split())
        if mark or not key:
            yield key, " ".join(value.split())


def _old_arm(info: CpuInfo) -> CpuInfo:
    """Give lines to the machine that stand in the last CPU's block only because they came last."""
    lines = list(info.cpus.values())
    if len(lines) > 1 and lines[-1] and not any(lines[:-1]):
        common = {**lines[-1], **info.machine}
        return CpuInfo({cpu: {} for cpu in info.cpus}, common)
    return info
