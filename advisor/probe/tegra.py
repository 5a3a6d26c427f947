"""NVIDIA's Jetson boards, whose GPU is no PCI device and works in the host's memory."""

import re

from msgspec.structs import replace

from advisor.machine import Device, Gap, Power, State
from advisor.probe.source import Source
from advisor.probe.unified import shared

TREE = ("/proc/device-tree", "/sys/firmware/devicetree/base")
SOURCE = "device tree"
# Device-tree names of the chips (kernel: arch/arm64/boot/dts/nvidia) and their GPUs' CUDA
# compute capability (NVIDIA, "CUDA GPU Compute Capability").
_CHIPS = {
    "nvidia,tegra210": ("Tegra X1", "5.3"),
    "nvidia,tegra186": ("Tegra X2", "6.2"),
    "nvidia,tegra194": ("Tegra Xavier", "7.2"),
    "nvidia,tegra234": ("Tegra Orin", "8.7"),
    "nvidia,tegra264": ("Tegra Thor", "11.0"),
}
_NODES = ("/dev/nvhost-gpu", "/dev/nvgpu", "/dev/nvidia0", "/dev/nvmap")


def _chip(source: Source) -> tuple[str, str] | None:
    words = next((t for tree in TREE if (t := source.read(f"{tree}/compatible"))), b"")
    names = words.decode("ascii", "replace").split("\0")
    return next((_CHIPS[name] for name in names if name in _CHIPS), None)


def device(source: Source) -> Device | None:
    """Return the GPU of a Jetson, which is no PCI device; None on any other machine."""
    chip = _chip(source)
    if chip is None:
        return None
    served = not source.live or any(source.exists(node) for node in _NODES)
    found = Device(
        id="gpu:0",
        vendor="NVIDIA",
        name=f"NVIDIA {chip[0]} GPU",
        state=State.PRESENT if served else State.HIDDEN,
        why=None if served else "this process has no /dev/nvgpu or /dev/nvhost-gpu",
        remedy=None if served else "start the container with --runtime nvidia",
        compute_capability=chip[1],
    )
    return shared(source, found)


# What nvpmodel keeps of the chosen mode ("pmode:0002"), and the modes of the board, of which the
# one without caps is MAXN or MAXN_SUPER (NVIDIA, Jetson Linux Developer Guide, power modes).
_CHOSEN, _MODES = "/var/lib/nvpmodel/status", "/etc/nvpmodel.conf"
_MODE = re.compile(r"<\s*POWER_MODEL\s+ID=(\d+)\s+NAME=(\w+)\s*>")
_WITHOUT_CAPS = "MAXN"


def powered(source: Source, supply: Power) -> tuple[Power, tuple[Gap, ...]]:
    """Add the power mode of a Jetson, or say that it could not be read; others have none."""
    if _chip(source) is None:
        return supply, ()
    chosen = re.match(r"pmode:(\d+)", source.text(_CHOSEN) or "")
    modes = {int(number): name for number, name in _MODE.findall(source.text(_MODES) or "")}
    mode = modes.get(int(chosen[1])) if chosen else None
    if mode is None:
        why = f"{_CHOSEN} and {_MODES} do not tell which power mode the board is in"
        return supply, (Gap("power.mode", why, "sudo nvpmodel -q"),)
    free = any(name.startswith(_WITHOUT_CAPS) for name in modes.values())
    capped = free and not mode.startswith(_WITHOUT_CAPS)
    return replace(supply, mode=mode, mode_capped=capped), ()
