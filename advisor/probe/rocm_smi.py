"""What ``rocm-smi --showallinfo --json`` printed, kept in a captured tree as /rocm-smi.json.

Its keys changed with each ROCm, so they are read without regard to case and by old and new names.
"""

import json
import re

from msgspec.structs import replace

from advisor.machine import Device, State
from advisor.probe import pci
from advisor.probe.source import Source

FILE = "/rocm-smi.json"
_BRACKET = re.compile(r"\[([^\[\]]+)\]")
CARDS = 512


def devices(source: Source) -> list[Device]:
    """Return the devices of a capture in PCI order; a live system is not asked this way."""
    cards = [] if source.live else _cards(source.text(FILE))
    found = [_device({str(k).lower(): v for k, v in card.items()}) for card in cards[:CARDS]]
    found.sort(key=lambda device: device.pci_address or "~")
    return [replace(device, id=f"gpu:{n}") for n, device in enumerate(found)]


def _cards(text: str | None) -> list[dict[str, object]]:
    try:
        told = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return []
    if not isinstance(told, dict):
        return []
    return [v for k, v in told.items() if k.startswith("card") and isinstance(v, dict)]


def _device(card: dict[str, object]) -> Device:
    address = pci.short(str(card.get("pci bus", "")))
    total = _number(card, "vram total memory (b)")
    used = _number(card, "vram total used memory (b)")
    return Device(
        id="",
        vendor="AMD",
        name=_name(card),
        state=State.PRESENT,
        pci_address=address if pci.ADDRESS.fullmatch(address) else None,
        pci_id=_id(card),
        memory_bytes=None if total is None else int(total),
        memory_free_bytes=None if total is None or used is None else int(total - used),
        power_limit_watts=_number(card, "max graphics package power (w)"),
        temperature_celsius=_number(card, "temperature (sensor edge) (c)"),
    )


def _name(card: dict[str, object]) -> str | None:
    """Return the product: the bracket after the chip's code name, unless it names several."""
    told = str(card.get("card series", ""))
    if not told or told.startswith("0x") or told == "N/A":
        return None
    match = _BRACKET.search(told)
    name = match[1] if match else told
    return None if "/" in name else name


def _id(card: dict[str, object]) -> str | None:
    told = str(card.get("device id") or card.get("gpu id") or "")
    return f"1002:{told[2:].lower():0>4}" if re.fullmatch("0x[0-9a-fA-F]{1,4}", told) else None


def _number(card: dict[str, object], name: str) -> float | None:
    told = str(card.get(name, ""))
    return float(told) if re.fullmatch(r"\d{1,15}(?:\.\d+)?", told, re.ASCII) else None
