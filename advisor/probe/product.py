"""What the whole machine is sold as, by its firmware or device tree."""

from advisor.probe.cpuinfo import CpuInfo
from advisor.probe.source import Source

_DMI = "/sys/class/dmi/id"
_TREE = "/proc/device-tree/model"
# What makers leave in the field where they fill in nothing.
_BLANKS = frozenset(
    [
        "to be filled by o.e.m.", "system product name", "default string", "not specified", "none",
        "not applicable", "oem", "unknown", "o.e.m.", "system manufacturer", "invalid", "n/a", "",
    ]
)  # fmt: skip


def look(source: Source, info: CpuInfo) -> str | None:
    """Name the machine; the board where the maker left the machine's name blank."""
    for maker, name in (("sys_vendor", "product_name"), ("board_vendor", "board_name")):
        words = [source.text(f"{_DMI}/{field}") or "" for field in (maker, name)]
        if words[1].lower() not in _BLANKS:
            return " ".join(word for word in words if word.lower() not in _BLANKS)[:120]
    told = source.text(_TREE)
    if told:
        return told[:120]
    machine = info.machine
    model = machine.get("model", "")
    return next((machine[k] for k in ("hardware", "machine") if machine.get(k)), model) or None
