"""Devices that work in the host's memory have its sizes."""

from msgspec.structs import replace

from advisor.machine import Device
from advisor.probe.source import Source


def shared(source: Source, found: Device) -> Device:
    """Give a device the host's memory as its own; unknown stays unknown."""
    sizes = {}
    for line in (source.text("/proc/meminfo") or "").splitlines():
        name, _, rest = line.partition(":")
        number = rest.split()[0] if rest.split() else ""
        if name in {"MemTotal", "MemAvailable"} and number.isdigit() and len(number) < 16:
            sizes[name] = int(number) * 1024
    return replace(
        found,
        unified_memory=True,
        memory_bytes=sizes.get("MemTotal"),
        memory_free_bytes=sizes.get("MemAvailable"),
    )
