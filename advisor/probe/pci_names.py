"""What pci.ids calls a device, where no driver names it (the PCI ID Repository's own format)."""

import re

from msgspec.structs import replace

from advisor.machine import Device
from advisor.probe.source import Source

FILES = ("/usr/share/hwdata/pci.ids", "/usr/share/misc/pci.ids", "/usr/share/pci.ids")
_PRODUCT = re.compile(r"\[([^\[\]]{2,80})\]$")
# Of what notebooks carry pci.ids lists both builds of a chip; drivers print one name for them.
# What drivers print for chips that are newer than they are, or for all of a kind.
_GENERIC = frozenset({
    None, "Graphics Device", "NVIDIA Graphics Device", "AMD Radeon Graphics",
    "AMD Radeon(TM) Graphics",
})  # fmt: skip
_MOBILE = re.compile(r" (?:Max-Q / Mobile|Mobile / Max-Q|Mobile)$")


def listed(text: str, ids: str) -> str | None:
    """Return the line of ``vendor:device`` in pci.ids; subsystems and classes are none."""
    vendor, _, device = ids.partition(":")
    block = re.search(rf"^{re.escape(vendor)}  .*\n((?:[\t#].*\n|\n)*)", text, re.MULTILINE)
    line = re.search(rf"^\t{re.escape(device)}  (.+)$", block[1] if block else "", re.MULTILINE)
    return line[1].strip() if line else None


def product(line: str | None, vendor: str | None) -> str | None:
    """Return the product in a line such as ``GA102 [GeForce RTX 3090]``, with its maker.

    One that names several ("RX 7900 XT/7900 XTX") names none.
    """
    found = _PRODUCT.search(line or "")
    if found is None:
        return None
    name = _MOBILE.sub(" Laptop GPU", found[1])
    return None if "/" in name else " ".join(word for word in (vendor, name) if word)


def named(source: Source, device: Device) -> Device:
    """Name a GPU that nothing else has named, or only by its kind."""
    if device.name not in _GENERIC or not device.pci_id or not device.id.startswith("gpu"):
        return device
    return replace(device, name=product(_line(source, device.pci_id), device.vendor) or device.name)


def _line(source: Source, ids: str) -> str | None:
    told = source.process(f"pci.ids:{ids}")
    if isinstance(told, str) or source.live:
        return told if isinstance(told, str) else None
    text = next((t for path in FILES if (t := source.text(path))), "")
    return listed(text, ids)
