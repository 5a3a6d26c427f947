"""Memory modules, their channels, and the bandwidth that these could have in theory."""

import re

import msgspec

from advisor.machine import Gap, Module
from advisor.probe import smbios
from advisor.probe.source import Source

TABLE = "/sys/firmware/dmi/tables/DMI"
ENTRIES = "/sys/firmware/dmi/entries"
# "P0 CHANNEL A", "Controller0-ChannelB-DIMM1", "CPU1_DIMM_C2", "P1-DIMMA1". A letter alone is no
# channel: "DIMM_A1" is channel A on desktops, but socket A on some servers.
_CHANNEL = re.compile(r"CHANNEL[ _-]?([A-P0-9])(?![A-Z0-9])", re.IGNORECASE)
_WITH_SOCKET = re.compile(r"(?:CPU|P|NODE|PROC) ?\d[ _-]*DIMM[ _-]?([A-P])\d?\b", re.IGNORECASE)
_ABOVE = re.compile(r"(?:CPU|P|NODE|PROC|CONTROLLER)[ _-]?(\d)", re.IGNORECASE)


class Seen(msgspec.Struct, frozen=True):
    """Modules; channels and bandwidth in bytes/s where the names of the slots tell channels."""

    modules: tuple[Module, ...] | None
    channels: int | None
    bandwidth: float | None
    gaps: tuple[Gap, ...]


def look(source: Source) -> Seen:
    """See the modules, where the system shows its firmware's tables."""
    modules = smbios.modules(source.read(TABLE) or b"")
    if not modules:
        entries = [n for n in source.names(ENTRIES)[:1024] if n.startswith("17-")]
        raw = (source.read(f"{ENTRIES}/{name}/raw") or b"" for name in entries)
        modules = tuple(module for one in raw for module in smbios.modules(one))
    if not modules:
        remedy = "run as root" if source.exists(TABLE) else ""
        gap = Gap("memory.modules", source.why(TABLE), remedy)
        return Seen(None, None, None, (gap,))
    channels = _channels(modules)
    gaps = () if channels else (Gap("memory.channels", "the slots' names tell no channel"),)
    return Seen(modules, len(channels) or None, _bandwidth(channels), gaps)


def _channels(modules: tuple[Module, ...]) -> dict[tuple[str, str], Module]:
    """One module of each channel; empty unless every module names its channel."""
    found: dict[tuple[str, str], Module] = {}
    for module in modules:
        names = f"{module.bank or ''} {module.locator or ''}"
        channel = _CHANNEL.search(names) or _WITH_SOCKET.search(names)
        if channel is None:
            return {}
        above = "/".join(_ABOVE.findall(names))
        found.setdefault((above, channel[1].upper()), module)
    return found


def _bandwidth(channels: dict[tuple[str, str], Module]) -> float | None:
    """Sum over channels: transfers a second as configured, times the width of the data path."""
    rates = [
        m.configured_transfers_per_second * m.width_bits / 8
        for m in channels.values()
        if m.configured_transfers_per_second and m.width_bits
    ]
    return sum(rates) if rates and len(rates) == len(channels) else None
