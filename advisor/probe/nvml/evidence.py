"""Signs of an NVIDIA device or driver, without which NVML need not be asked."""

import re

from advisor.probe import pci
from advisor.probe.source import Source

VENDOR = 0x10DE
PROC = "/proc/driver/nvidia"
CONTROL = "/dev/nvidiactl"
_LIBRARY = "libnvidia-ml.so.1"
# Where drivers and container tools put the library, by distribution; WSL; NixOS.
_FOLDERS = (
    "/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib64", "/usr/lib",
    "/usr/local/nvidia/lib64", "/usr/lib/wsl/lib", "/run/opengl-driver/lib",
)  # fmt: skip
_WINDOWS = "C:/Windows/System32/nvml.dll"
_VERSION = re.compile(r"\b(\d{3}\.\d{1,4}(?:\.\d{1,4})?)\b", re.ASCII)


def cards(functions: tuple[pci.Function, ...] | None) -> list[pci.Function]:
    """Return the NVIDIA displays and 3D controllers; sound, USB and NVSwitch parts are none."""
    return [f for f in functions or () if f.vendor == VENDOR and f.kind >> 8 == pci.DISPLAY]


def found(source: Source, functions: tuple[pci.Function, ...] | None) -> bool:
    """Whether anything here speaks for an NVIDIA device, driver or library."""
    if cards(functions) or source.exists(f"{PROC}/version") or source.exists(CONTROL):
        return True
    if not source.linux:
        return source.exists(_WINDOWS)
    own = str(source.process("env:LD_LIBRARY_PATH") or "").split(":")
    return any(source.exists(f"{folder}/{_LIBRARY}") for folder in (*own, *_FOLDERS) if folder)


def loaded(source: Source) -> bool:
    """Whether the kernel driver is loaded, which it is only where it found a device."""
    return source.exists(f"{PROC}/version")


def driver(source: Source) -> str | None:
    """Return the version of the loaded kernel driver."""
    text = source.text(f"{PROC}/version") or source.text("/sys/module/nvidia/version") or ""
    match = _VERSION.search(text)
    return match[1] if match else None


def by_driver(source: Source) -> dict[str, str | None]:
    """Return the names of the devices that the kernel driver lists, by PCI address."""
    names: dict[str, str | None] = {}
    for address in source.names(f"{PROC}/gpus"):
        if pci.ADDRESS.fullmatch(address.lower()):
            text = source.text(f"{PROC}/gpus/{address}/information") or ""
            match = re.search(r"^Model:[ \t]*(\S.*)$", text, re.MULTILINE)
            names[pci.short(address)] = match[1].strip() if match else None
    return names


def contained(source: Source) -> bool:
    """Whether this process runs in a container, which decides what it was given of the devices."""
    marks = ("/.dockerenv", "/run/.containerenv")
    variables = ("container", "KUBERNETES_SERVICE_HOST", "NVIDIA_VISIBLE_DEVICES")
    return any(source.exists(mark) for mark in marks) or any(
        source.process(f"env:{name}") for name in variables
    )
