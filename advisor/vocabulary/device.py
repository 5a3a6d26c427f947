"""Facts about accelerators: ``device`` is every one, ``gpu`` those usable for machine learning."""

from collections.abc import Callable, Mapping
from typing import Any

from advisor.fact import Fact, Origin
from advisor.machine import Device, Gap
from advisor.vocabulary.row import Row, fact, rows

# Xids that no restarted program cures (NVIDIA, "Xid Catalog", read 2026-11: immediate action is to
# reset the GPU, restart the machine, check power or the NVLink; 171 and 172 go with 48).
REPAIR = frozenset({
    46, 48, 54, 62, 64, 74, 79, 95, 109, 110, 119, 120, 136, 140, 143, 155, 156, 158, 171, 172,
})  # fmt: skip


def _taken(device: Device) -> int | None:
    """Memory that is neither free nor the driver's; with unified memory nobody can tell whose."""
    if device.memory_bytes is None or device.memory_free_bytes is None or device.unified_memory:
        return None
    kept = device.memory_reserved_bytes or 0
    return max(device.memory_bytes - device.memory_free_bytes - kept, 0)


def _listed(codes: tuple[int, ...] | None) -> str | None:
    return None if codes is None else ", ".join(str(code) for code in codes) or "none"


def _slowed(device: Device, cause: str) -> bool | None:
    """Whether one of the driver's reasons for a lower clock names this cause."""
    reasons = device.throttle_reasons
    return None if reasons is None else any(cause in reason for reason in reasons)


_TABLE: list[tuple[str, str, str, Callable[[Device], Any]]] = [
    ("vendor", "text", "maker", lambda d: d.vendor),
    ("name", "text", "name as its driver prints it", lambda d: d.name),
    ("state", "text", "present, absent, broken, hidden or unknown", lambda d: str(d.state)),
    ("why", "text", "why it is not present", lambda d: d.why),
    ("remedy", "text", "what helps where it is not present", lambda d: d.remedy),
    ("pci_id", "text", "PCI vendor and device, 10de:27b8", lambda d: d.pci_id),
    ("kernel_driver", "text", "kernel driver bound to it", lambda d: d.kernel_driver),
    ("numa_node", "1", "memory node of the host that it hangs on", lambda d: d.numa_node),
    ("virtualization", "text", "none, passthrough, vgpu", lambda d: d.virtualization),
    ("memory", "bytes", "its memory", lambda d: d.memory_bytes),
    ("memory_free", "bytes", "its memory that is free now", lambda d: d.memory_free_bytes),
    ("memory_taken", "bytes", "its memory that programs hold", _taken),
    ("utilization", "%", "how busy others keep it", lambda d: d.utilization),
    ("processes", "1", "programs that use it now", lambda d: d.processes),
    ("power_limit", "W", "power it may draw now", lambda d: d.power_limit_watts),
    ("power_default", "W", "power it may draw as shipped", lambda d: d.power_default_watts),
    ("temperature", "°C", "temperature now", lambda d: d.temperature_celsius),
    ("pcie_width", "1", "PCIe lanes now", lambda d: d.pcie_width),
    ("pcie_width_max", "1", "PCIe lanes it could use", lambda d: d.pcie_width_max),
    ("pcie_generation", "1", "PCIe generation now", lambda d: d.pcie_generation),
    ("pcie_generation_max", "1", "PCIe generation it could use", lambda d: d.pcie_generation_max),
    ("compute_capability", "version", "CUDA generation", lambda d: d.compute_capability),
    ("pcie_width_device", "1", "PCIe lanes of the card itself", lambda d: d.pcie_width_device),
    ("pcie_width_slot", "1", "PCIe lanes of its slot", lambda d: d.pcie_width_slot),
    ("pcie_generation_device", "1", "PCIe of the card", lambda d: d.pcie_generation_device),
    ("pcie_generation_slot", "1", "PCIe generation of its slot", lambda d: d.pcie_generation_slot),
    ("mig", "flag", "cut into MIG slices", lambda d: d.mig_enabled),
    ("unified_memory", "flag", "works in the host's memory", lambda d: d.unified_memory),
    ("compute_mode", "text", "which programs may use it", lambda d: d.compute_mode),
    ("persistence_mode", "flag", "stays awake without a user", lambda d: d.persistence_mode),
    ("wake", "s", "time that its driver took to wake it", lambda d: d.wake_seconds),
    ("throttled_by_heat", "flag", "slowed down by heat now", lambda d: _slowed(d, "thermal")),
    ("throttled_by_power", "flag", "slowed down by power now", lambda d: _slowed(d, "power")),
    (
        "throttled_by_brake",
        "flag",
        "slowed down by the board or power supply now",
        lambda d: _slowed(d, "brake"),
    ),
    ("xids", "text", "errors of its driver in the kernel log", lambda d: _listed(d.xids)),
    (
        "xid_repair",
        "flag",
        "one of them asks for a reset, reboot or repair",
        lambda d: None if d.xids is None else bool(REPAIR & set(d.xids)),
    ),
    ("ecc_enabled", "flag", "memory errors are corrected", lambda d: d.ecc_enabled),
    ("ecc_uncorrected", "1", "memory errors since driver load", lambda d: d.ecc_uncorrected),
    ("rows_pending", "flag", "memory rows await a reset", lambda d: d.rows_pending),
    ("rows_failed", "flag", "a memory row has no spare left", lambda d: d.rows_failed),
    ("pages_pending", "flag", "memory pages await a reboot", lambda d: d.pages_pending),
    ("pages_retired", "1", "memory pages taken out of use", lambda d: d.pages_retired),
    ("rows_remapped", "1", "memory rows replaced by spare ones", lambda d: d.rows_remapped),
    ("torch_runs", "flag", "torch holds code for it", lambda d: d.torch_runs),
    ("torch_fit", "text", "newest torch for it and its driver", lambda d: d.torch_fit),
    ("architecture", "text", "gfx name of an AMD GPU", lambda d: d.architecture),
]


# Facts that are read off a field of another name, which is the one that a gap speaks of.
_FIELDS = {
    "mig": "mig_enabled", "throttled_by_heat": "throttle_reasons",
    "throttled_by_power": "throttle_reasons", "throttled_by_brake": "throttle_reasons",
    "xid_repair": "xids", "memory_taken": "memory_free_bytes",
}  # fmt: skip
_SUFFIXES = ("", "_bytes", "_watts", "_celsius", "_seconds")
# What a GPU that works in the host's memory has none of: memory and a power plug of its own.
_OWN = frozenset({
    "ecc_enabled", "ecc_uncorrected", "rows_pending", "rows_failed", "rows_remapped",
    "pages_pending", "pages_retired", "throttled_by_brake",
})  # fmt: skip

DEVICE: tuple[Row[Device], ...] = rows(
    "device", Origin.PROBED, [(f"device.{n}", u, m, v) for n, u, m, v in _TABLE]
)
GPU: tuple[Row[Device], ...] = rows(
    "gpu", Origin.PROBED, [(f"gpu.{n}", u, m, v) for n, u, m, v in _TABLE]
)


def facts(
    device: Device, table: tuple[Row[Device], ...], gaps: Mapping[str, Gap]
) -> dict[str, Fact]:
    """State every fact about a device, under the names of a table."""

    def gap(row: Row[Device]) -> Gap | None:
        name = row.declaration.name.partition(".")[2]
        if device.unified_memory and name in _OWN:
            return None
        field = _FIELDS.get(name, name)
        found = (gaps.get(f"{device.id}.{field}{suffix}") for suffix in _SUFFIXES)
        return next((g for g in found if g), None)

    told = [fact(row.declaration, row.value(device), gap(row), device.id) for row in table]
    return {f.name: f for f in told}
