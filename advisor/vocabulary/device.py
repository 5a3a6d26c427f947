"""Facts about accelerators: ``device`` is every one, ``gpu`` those usable for machine learning."""

from collections.abc import Callable, Mapping
from typing import Any

from advisor.fact import Fact, Origin
from advisor.machine import Device, Gap
from advisor.vocabulary.row import Row, fact, rows

_TABLE: list[tuple[str, str, str, Callable[[Device], Any]]] = [
    ("vendor", "text", "maker", lambda d: d.vendor),
    ("name", "text", "name as its driver prints it", lambda d: d.name),
    ("state", "text", "present, absent, broken, hidden or unknown", lambda d: str(d.state)),
    ("why", "text", "why it is not present", lambda d: d.why),
    ("memory", "bytes", "its memory", lambda d: d.memory_bytes),
    ("memory_free", "bytes", "its memory that is free now", lambda d: d.memory_free_bytes),
    ("utilization", "%", "how busy others keep it", lambda d: d.utilization),
    ("power_limit", "W", "power it may draw now", lambda d: d.power_limit_watts),
    ("power_default", "W", "power it may draw as shipped", lambda d: d.power_default_watts),
    ("temperature", "°C", "temperature now", lambda d: d.temperature_celsius),
    ("pcie_width", "1", "PCIe lanes now", lambda d: d.pcie_width),
    ("pcie_width_max", "1", "PCIe lanes it could use", lambda d: d.pcie_width_max),
    ("pcie_generation", "1", "PCIe generation now", lambda d: d.pcie_generation),
    ("pcie_generation_max", "1", "PCIe generation it could use", lambda d: d.pcie_generation_max),
    ("compute_capability", "version", "CUDA generation", lambda d: d.compute_capability),
    ("mig", "flag", "cut into MIG slices", lambda d: d.mig_enabled),
]

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
        field = row.declaration.name.partition(".")[2]
        found = (gaps.get(f"{device.id}.{field}{s}") for s in ("", "_bytes", "_watts", "_celsius"))
        return next((g for g in found if g), None)

    told = [fact(row.declaration, row.value(device), gap(row), device.id) for row in table]
    return {f.name: f for f in told}
