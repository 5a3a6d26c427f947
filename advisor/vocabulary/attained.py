"""How much the host attains of what it could in theory, where that can mean something.

It does where every processor of the machine took part, no hypervisor hides the rest, and the
theoretical figure rests on facts; else such a share is known not to exist, with the reason.
"""

from collections.abc import Mapping

from advisor.estimate import Interval
from advisor.fact import Declaration, Fact, Origin, Status
from advisor.machine import Device, Gap, Machine, Peak, binding
from advisor.vocabulary.row import fact

DTYPES = ("fp32", "fp64", "fp16", "bf16", "int8")
# A write to memory first reads the line it falls in, unless stores stream: a triad then moves four
# arrays where it asks for three (McCalpin, STREAM's notes on write-allocate traffic).
_WRITE_ALLOCATE = 4 / 3


def _share(name: str, meaning: str, subject: str, bench: str) -> Declaration:
    return Declaration(
        name=name, unit="%", meaning=meaning, origin=Origin.MEASURED, subject=subject,
        settles=f"mlinfra bench {bench}", optional=True,
    )  # fmt: skip


CPU = {
    dtype: _share(
        f"cpu.attained_share.{dtype}", f"{dtype} matmul reached of the peak in theory, which is at"
        " the base clock where that of all cores is not known", "machine", "matmul",
    )
    for dtype in DTYPES
}  # fmt: skip
MEMORY = _share(
    "memory.attained_share",
    "triad reached of all channels in theory, with and without reads before writes",
    "machine",
    "memory",
)
LINKS = {
    way: _share(
        f"gpu.link_share.{way}", f"{way} copy reached of its PCIe link in theory", "gpu",
        "host_link",
    )
    for way in ("h2d", "d2h")
}  # fmt: skip
_TIMED = {"h2d": "gpu.host_to_device", "d2h": "gpu.device_to_host"}
DECLARATIONS = (*CPU.values(), MEMORY, *LINKS.values())
NAMES = frozenset(declaration.name for declaration in DECLARATIONS)


def host_facts(machine: Machine, timed: Mapping[str, Fact]) -> dict[str, Fact]:
    """State the shares of the processor and of memory; ``timed`` are its measured facts."""
    why = _meaningless(machine)
    peaks = {peak.dtype: peak for peak in machine.cpu.peaks or ()}
    shares = [
        _of_peak(told, timed[f"cpu.matmul_peak.{dtype}"], peaks.get(dtype), why)
        for dtype, told in CPU.items()
    ]
    shares.append(_of_memory(timed["cpu.memory_triad"], machine, why))
    return {f.name: f for f in shares}


def link_facts(device: Device, machine: Machine, timed: Mapping[str, Fact]) -> dict[str, Fact]:
    """State how much of the PCIe link of a device its pinned copies reach."""
    nominal = {link.id: link.bytes_per_second for link in machine.links}.get(f"link:{device.id}")
    why = "" if nominal else "the generation and width of its link are not known"
    told = {}
    for way, declaration in LINKS.items():
        told[declaration.name] = _over(declaration, timed[_TIMED[way]], nominal, nominal, why)
    return told


def _meaningless(machine: Machine) -> str:
    """Say why no share of the whole machine can be told; nothing where it can."""
    cpu, line = machine.cpu, binding(machine, "cpu")
    if cpu.hypervisor:
        return f"{cpu.hypervisor} hides the clock and the other guests"
    if cpu.threads_allowed is None or cpu.threads_allowed != cpu.threads_online:
        return "not every processor of the machine is ours to use"
    if line and line.value and line.value < cpu.threads_online:
        return f"{line.level} leaves us {line.value:g} of {cpu.threads_online} processors"
    return ""


def _of_peak(declaration: Declaration, timed: Fact, peak: Peak | None, why: str) -> Fact:
    low, high = (peak.low, peak.high) if peak else (None, None)
    why = why or ("" if low or high else "its peak in theory is not known")
    return _over(declaration, timed, low or high, high or low, why)


def _of_memory(timed: Fact, machine: Machine, why: str) -> Fact:
    most = machine.memory.bandwidth_bytes_per_second
    why = why or ("" if most else "the memory's channels and speed are not known")
    return _over(MEMORY, timed, most / _WRITE_ALLOCATE if most else None, most, why)


def _over(
    declaration: Declaration, timed: Fact, least: float | None, most: float | None, why: str
) -> Fact:
    """Divide what was timed by a range of what is possible; without one there is no share."""
    if least is None or most is None or why:
        return Fact(
            name=declaration.name, status=Status.MISSING, unit="%", origin=Origin.MEASURED, why=why
        )
    if timed.status is not Status.KNOWN or not isinstance(timed.value, float):
        return fact(declaration, None, Gap("", timed.why, timed.remedy))
    low, high = timed.low or timed.value, timed.high or timed.value
    share = Interval(low / most, timed.value * 2 / (least + most), high / least, "%")
    return fact(declaration, share, None, f"{timed.name} over theory")
