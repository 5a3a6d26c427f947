"""Clocks, governor, power profile and battery (kernel: admin-guide/pm/cpufreq, ABI sysfs-power)."""

import re

import msgspec

from advisor.machine import Power
from advisor.probe.cpuinfo import CpuInfo
from advisor.probe.source import Source
from advisor.probe.topology import ROOT, Set

_PROFILE = "/sys/firmware/acpi/platform_profile"
_SUPPLY = "/sys/class/power_supply"
_NAMED = re.compile(r"@ (\d+(?:\.\d+)?) ?GHz", re.ASCII)


class Clocks(msgspec.Struct, frozen=True):
    """Clocks in Hz by CPU; ``governor`` and ``preference`` are joined by "+" where CPUs differ."""

    highest: dict[int, float]
    limit: dict[int, float]
    base: dict[int, float]
    governor: str | None
    preference: str | None


def look(source: Source, online: Set, info: CpuInfo) -> Clocks:
    """See each CPU's clocks; the base clock is the driver's, the firmware's or the name's."""
    frequency = {cpu: f"{ROOT}/cpu{cpu}/cpufreq" for cpu in sorted(online)}
    named = _NAMED.search(info.any("model name") or "")
    base = _each(source, frequency, "base_frequency", 1e3)
    if not base:
        folders = {cpu: f"{ROOT}/cpu{cpu}/acpi_cppc" for cpu in sorted(online)}
        base = _each(source, folders, "nominal_freq", 1e6)
    if not base:
        told = float(named[1]) * 1e9 if named else _counter(info)
        base = dict.fromkeys(online, told) if told else {}
    return Clocks(
        highest=_each(source, frequency, "cpuinfo_max_freq", 1e3),
        limit=_each(source, frequency, "scaling_max_freq", 1e3),
        base=base,
        governor=_words(source, frequency, "scaling_governor"),
        preference=_words(source, frequency, "energy_performance_preference"),
    )


def _counter(info: CpuInfo) -> float | None:
    """The rate of the time-stamp counter, which is the base clock (Intel SDM 3B, 18.17).

    "cpu MHz" is that rate where the counter is constant and the guest cannot read how fast the
    core really ran (no aperfmperf: arch/x86/kernel/cpu/aperfmperf.c, arch_freq_get_on_cpu).
    """
    flags = set((info.any("flags") or "").split())
    text = info.any("cpu mhz") or ""
    told = re.fullmatch(r"\d{2,5}(\.\d{1,6})?", text, re.ASCII)
    if not told or "aperfmperf" in flags or not {"hypervisor", "constant_tsc"} <= flags:
        return None
    return float(text) * 1e6


def _each(source: Source, folders: dict[int, str], name: str, scale: float) -> dict[int, float]:
    numbers = {cpu: source.number(f"{folder}/{name}") for cpu, folder in folders.items()}
    return {cpu: number * scale for cpu, number in numbers.items() if number and number > 0}


def _words(source: Source, folders: dict[int, str], name: str) -> str | None:
    texts = {source.text(f"{folder}/{name}") for folder in folders.values()}
    return "+".join(sorted(text[:40] for text in texts if text)) or None


def power(source: Source) -> Power:
    """See whether the machine runs from its battery, and its power profile."""
    supplies = [f"{_SUPPLY}/{name}" for name in source.names(_SUPPLY)[:32]]
    mains = [source.number(f"{s}/online") for s in supplies if _is(source, s, "Mains", "USB")]
    own = [s for s in supplies if _is(source, s, "Battery")]
    # A mouse has a battery, too, of scope "Device".
    own = [s for s in own if source.text(f"{s}/scope") != "Device"]
    states = [source.text(f"{supply}/status") for supply in own]
    charges = [source.number(f"{supply}/capacity") for supply in own]
    known = [charge for charge in charges if charge is not None and 0 <= charge <= 100]
    return Power(
        on_battery=_drained(states, mains, bool(own), bool(supplies) or source.running),
        battery=sum(known) / len(known) / 100 if known else None,
        profile=source.text(_PROFILE),
    )


def _is(source: Source, supply: str, *kinds: str) -> bool:
    return source.text(f"{supply}/type") in kinds


def _drained(
    states: list[str | None], mains: list[int | None], has_battery: bool, evidence: bool
) -> bool | None:
    if not has_battery:
        return False if evidence else None
    if 1 in mains:
        return False
    return "Discharging" in states if any(states) else None
