"""NVIDIA's Jetson boards, whose GPU is no PCI device and works in the host's memory."""

from advisor.machine import Device, State
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


def device(source: Source) -> Device | None:
    """Return the GPU of a Jetson, which is no PCI device; None on any other machine."""
    words = next((t for tree in TREE if (t := source.read(f"{tree}/compatible"))), b"")
    names = words.decode("ascii", "replace").split("\0")
    chip = next((_CHIPS[name] for name in names if name in _CHIPS), None)
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
