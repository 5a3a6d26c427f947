"""The amdgpu driver in sysfs: memory, clocks, power, partitions and health of one card.

Kernel: Documentation/gpu/amdgpu (driver-misc, thermal, ras).
"""

import re

from msgspec.structs import replace

from advisor.machine import Device
from advisor.probe import pci
from advisor.probe.source import Source

NAMES = ("/usr/share/libdrm/amdgpu.ids", "/opt/amdgpu/share/libdrm/amdgpu.ids")
# Chips with CPU and GPU on one memory, by PCI device id (pci.ids, 2026-08): Raven … Strix Halo.
APUS = frozenset({
    0x15DD, 0x15D8, 0x1636, 0x1638, 0x164C, 0x15E7, 0x163F, 0x164D, 0x1681, 0x1506, 0x164E, 0x15BF,
    0x15C8, 0x1900, 0x1901, 0x150E, 0x1114, 0x1586, 0x13C0,
})  # fmt: skip
MI300A = 0x74A0  # its memory is all the host has; there is no carve-out
_MICRO, _MILLI = 1e-6, 1e-3


def name(source: Source, card: pci.Function) -> str | None:
    """Return the card's name as AMD's user-space drivers print it."""
    revision = (source.text(f"{card.place}/revision") or "").removeprefix("0x").lower()
    if card.device is not None and revision:
        ids = f"{card.device:x}", revision.rjust(2, "0")
        for line in _listed(source):
            device, _, rest = line.partition(",")
            step, _, called = rest.partition(",")
            if (device.strip().lower(), step.strip().lower().rjust(2, "0")) == ids:
                return called.strip() or None
    return source.text(f"{card.place}/product_name") or None


def _listed(source: Source) -> list[str]:
    return next((t.splitlines() for path in NAMES if (t := source.text(path))), [])


def facts(source: Source, card: pci.Function, device: Device) -> Device:
    """Add what the driver's files tell of a card."""
    place = card.place
    total, used = _sizes(source, place, "vram")
    shared = card.device in APUS
    if shared:
        gtt, gtt_used = _sizes(source, place, "gtt")
        total, used = _sum(total, gtt), _sum(used, gtt_used)
    sensors = f"{place}/hwmon"
    hwmon = next((f"{sensors}/{n}" for n in source.names(sensors) if n.startswith("hwmon")), "")
    busy = source.number(f"{place}/gpu_busy_percent")
    errors = _uncorrected(source, place)
    return replace(
        device,
        name=name(source, card),
        memory_bytes=total or device.memory_bytes,
        memory_free_bytes=None if total is None or used is None else max(total - used, 0),
        unified_memory=True if shared else device.unified_memory,
        uuid=source.text(f"{place}/unique_id") or device.uuid,
        utilization=None if busy is None else busy / 100,
        power_limit_watts=_scaled(source, f"{hwmon}/power1_cap", _MICRO),
        power_default_watts=_scaled(source, f"{hwmon}/power1_cap_default", _MICRO),
        temperature_celsius=_scaled(source, f"{hwmon}/temp1_input", _MILLI),
        temperature_slowdown_celsius=_scaled(source, f"{hwmon}/temp1_crit", _MILLI),
        ecc_uncorrected=errors,
        pages_retired=_retired(source, place),
    )


def _sizes(source: Source, place: str, kind: str) -> tuple[int | None, int | None]:
    return (
        source.number(f"{place}/mem_info_{kind}_total") or None,
        source.number(f"{place}/mem_info_{kind}_used"),
    )


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _scaled(source: Source, path: str, scale: float) -> float | None:
    number = source.number(path)
    return None if number is None else number * scale


def _uncorrected(source: Source, place: str) -> int | None:
    """Sum the ``ue: N`` lines of the blocks that count errors (amdgpu RAS)."""
    counts = []
    for file in source.names(f"{place}/ras"):
        if file.endswith("_err_count"):
            text = source.text(f"{place}/ras/{file}") or ""
            match = re.search(r"^ue: (\d{1,18})", text, re.MULTILINE)
            counts += [int(match[1])] if match else []
    return sum(counts) if counts else None


def _retired(source: Source, place: str) -> int | None:
    """Count the bad memory pages, one a line."""
    text = source.text(f"{place}/ras/gpu_vram_bad_pages")
    return None if text is None else len(text.splitlines())
