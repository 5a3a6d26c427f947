"""CUDA, cuDNN and what torch was built for, and whether these fit driver and devices."""

import re
from collections.abc import Callable

from msgspec.structs import replace

from advisor.compatibility import Compatibility, runs, runs_gfx
from advisor.machine import Device, Software
from advisor.probe.source import Json, Source

TOOLKITS = "/usr/local"
LIBRARY = "torch/lib/libtorch_python.so"
HEADER = "/usr/include/cudnn_version.h"
# Folders that pip leaves beside what it installs, with name and version.
_RUNTIME = re.compile(r"nvidia_cuda_runtime(?:_cu\d{1,2})?-(\d{1,2}\.\d{1,2})[\d.]*\.dist-info")
_CUDNN = re.compile(r"nvidia_cudnn_cu\d{1,2}-(\d[\d.]{0,20})\.dist-info")
_TOOLKIT = re.compile(r"cuda-(\d{1,2}\.\d{1,2})")
_DEFINED = re.compile(r"^#define CUDNN_(MAJOR|MINOR|PATCHLEVEL) (\d{1,4})\b", re.MULTILINE)


def look(
    source: Source,
    software: Software,
    devices: tuple[Device, ...],
    tables: Callable[[], Compatibility],
) -> tuple[Software, tuple[Device, ...]]:
    """Return the software with what GPUs need of it, and the devices with what it can do there.

    ``tables`` are read only where an NVIDIA device, or a torch for GPUs, makes them matter.
    """
    vendors = {device.vendor for device in devices}
    if software.torch_cuda is None and software.torch_hip is None and not vendors & {"NVIDIA"}:
        return software, tuple(_fitted(device, software) for device in devices)
    installed = _installed(source)
    code = _code(source) if software.torch_cuda or software.torch_hip else None
    fit = tables()
    windows = "wsl" in (software.container or "").lower()
    known = replace(
        software,
        cuda_driver=software.cuda_driver or fit.cuda_of(software.driver),
        cuda_runtimes=_runtimes(source, installed),
        cudnn=next((m[1] for n in installed if (m := _CUDNN.fullmatch(n))), _header(source)),
        cudnn_needed=fit.cudnn_needed(software.torch, software.torch_cuda),
        driver_needed=fit.driver_needed(software.torch_cuda, windows=windows),
        torch_architectures=code,
    )
    return known, tuple(
        _advised(source, _fitted(device, known), known, fit, windows=windows) for device in devices
    )


def _texts(value: Json) -> list[str]:
    """Return the texts of a list; a recorded fact may be anything."""
    return [text for text in value if isinstance(text, str)] if isinstance(value, list) else []


def _installed(source: Source) -> list[str]:
    folders = _texts(source.process("path"))
    return [name for folder in folders for name in source.names(folder) if "nvidia_cu" in name]


def _code(source: Source) -> tuple[str, ...] | None:
    for folder in _texts(source.process("path")):
        if source.text(f"{folder}/torch/version.py"):
            return tuple(_texts(source.process(f"architectures:{folder}/{LIBRARY}"))) or None
    return None


def _runtimes(source: Source, installed: list[str]) -> tuple[str, ...] | None:
    found = {m[1] for name in installed if (m := _RUNTIME.fullmatch(name))}
    found |= {m[1] for name in source.names(TOOLKITS) if (m := _TOOLKIT.fullmatch(name))}
    return tuple(sorted(found)) or None


def _header(source: Source) -> str | None:
    told = dict(_DEFINED.findall(source.text(HEADER) or ""))
    parts = [told.get(name) for name in ("MAJOR", "MINOR", "PATCHLEVEL")]
    return ".".join(part for part in parts if part) or None


def _fitted(device: Device, software: Software) -> Device:
    """Say whether torch holds code for a device; a torch without CUDA holds none for NVIDIA's."""
    code = software.torch_architectures
    built = {"NVIDIA": software.torch_cuda or software.torch_hip, "AMD": software.torch_hip}
    if software.torch and device.vendor in built and not built[device.vendor]:
        return replace(device, torch_runs=False)
    if device.vendor == "NVIDIA" and software.torch_hip is None and code:
        return replace(device, torch_runs=runs(code, device.compute_capability))
    if device.vendor == "AMD" and software.torch_hip and code:
        plain = [part.partition(":")[0] for part in code]
        return replace(device, torch_runs=runs_gfx(plain, device.architecture))
    return device


def _advised(
    source: Source, device: Device, software: Software, fit: Compatibility, *, windows: bool
) -> Device:
    """Name the newest build of torch that this driver runs on this device."""
    if device.vendor != "NVIDIA":
        return device
    processor = source.text("/proc/sys/kernel/arch") or source.process("machine")
    build = fit.build_for(
        software.driver,
        device.compute_capability,
        processor if isinstance(processor, str) else None,
        windows=windows,
    )
    return replace(device, torch_fit=build)
