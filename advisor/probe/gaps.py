"""Gaps of devices: a field without a value and without a gap would count as known to be missing."""

from advisor.machine import Device, Gap

_PCIE = ("pcie_generation", "pcie_generation_max", "pcie_width", "pcie_width_max")
ESSENTIAL = ("name", "memory_bytes", "memory_free_bytes", "utilization", *_PCIE)
COMMON = (
    *ESSENTIAL, "temperature_celsius", "power_limit_watts", "power_default_watts",
    "throttle_reasons", "ecc_uncorrected",
)  # fmt: skip
NVIDIA = (
    *COMMON, "compute_capability", "mig_enabled", "persistence_mode", "rows_pending",
    "rows_failed", "pages_retired",
)  # fmt: skip


def gaps(device: Device, fields: tuple[str, ...], why: str, remedy: str) -> list[Gap]:
    """Return a gap for each of these fields that is unknown.

    What works in the host's memory has no PCIe link to know of.
    """
    missing = _PCIE if device.unified_memory else ()
    return [
        Gap(f"{device.id}.{name}", why, remedy)
        for name in fields
        if getattr(device, name) is None and name not in missing
    ]
