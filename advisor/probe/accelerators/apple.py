"""GPUs of Macs, by macOS's own report; Apple's chips work in the host's memory."""

import json
import re

from advisor.machine import Device, Gap, State
from advisor.probe import gaps
from advisor.probe.accelerators import Seen
from advisor.probe.ledger import ledger
from advisor.probe.source import Source

REPORT = ("system_profiler", "SPDisplaysDataType", "-json")
MEMORY = ("sysctl", "-n", "hw.memsize")
_VENDORS = {"sppci_vendor_Apple": "Apple", "sppci_vendor_amd": "AMD", "sppci_vendor_intel": "Intel"}
_SIZE = re.compile(r"(\d{1,6}) ?(MB|GB)", re.ASCII)
_UNITS = {"MB": 1 << 20, "GB": 1 << 30}
GPUS = 16


def look(source: Source, *, timeout: float) -> Seen:  # noqa: ARG001 -- the door limits a program
    """See a Mac's GPUs; nothing elsewhere."""
    if source.process("platform") != "darwin":
        return Seen()
    text = source.run(*REPORT)
    if text is None:
        return Seen(unseen=f"macOS did not report its GPUs ({source.why(chr(0).join(REPORT))})")
    told = [card for card in _cards(text) if "sppci_model" in card]
    devices = tuple(_device(source, card, f"gpu:{n}") for n, card in enumerate(told[:GPUS]))
    return Seen(
        devices=devices,
        capacity={device.id: ledger(device, "macOS") for device in devices},
        gaps=tuple(gap for device in devices for gap in _gaps(device)),
        unseen=None if devices else "macOS reports no GPU, as in a virtual machine",
    )


def _cards(text: str) -> list[dict[str, object]]:
    try:
        report = json.loads(text)
    except (ValueError, RecursionError):
        return []
    cards = report.get("SPDisplaysDataType") if isinstance(report, dict) else None
    return [card for card in cards if isinstance(card, dict)] if isinstance(cards, list) else []


def _device(source: Source, card: dict[str, object], name: str) -> Device:
    model = str(card["sppci_model"])
    own = model.startswith("Apple")
    cores = str(card.get("sppci_cores", ""))
    return Device(
        id=name,
        vendor=_VENDORS.get(str(card.get("spdisplays_vendor")), "Apple" if own else None),
        name=model,
        state=State.PRESENT,
        unified_memory=own,
        memory_bytes=_host(source) if own else _own(card),
        compute_units=int(cores) if cores.isdigit() and len(cores) < 5 else None,
    )


def _host(source: Source) -> int | None:
    text = source.run(*MEMORY) or ""
    return int(text) if text.isdigit() and len(text) < 16 else None


def _own(card: dict[str, object]) -> int | None:
    """Return a discrete card's memory; what an Intel GPU shares is not its own."""
    match = _SIZE.fullmatch(str(card.get("spdisplays_vram", "")))
    return int(match[1]) * _UNITS[match[2]] if match else None


def _gaps(device: Device) -> list[Gap]:
    return gaps.gaps(device, gaps.COMMON, "macOS does not report it", "sudo powermetrics")
