"""Accelerators in whatever state, and the links between them and their host.

Sizes are bytes, clocks Hz, powers W, temperatures °C.
"""

from enum import StrEnum

import msgspec


class State(StrEnum):
    """What is known of a device's being there."""

    PRESENT = "present"
    ABSENT = "absent"
    BROKEN = "broken"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """An accelerator, in whatever state; ``id`` counts physical devices in PCI order.

    ``memory_bytes`` is all of it, ``memory_reserved_bytes`` what driver and ECC keep of it, and
    with ``unified_memory`` it is the host's own. A PCIe link has a speed now (it drops at idle),
    the most that this device reaches where it sits (``_max``), and what device and slot could do.
    ``slice_place`` is a MIG slice's GPU instance and compute instance, ``3/0``; ``torch_runs``
    says whether the installed torch holds code for this device, ``torch_fit`` names the newest
    build that does and that the driver runs.
    """

    id: str
    vendor: str | None = None
    name: str | None = None
    state: State = State.UNKNOWN
    why: str | None = None
    remedy: str | None = None
    memory_bytes: int | None = None
    memory_free_bytes: int | None = None
    memory_reserved_bytes: int | None = None
    unified_memory: bool | None = None
    pci_address: str | None = None
    pci_id: str | None = None
    uuid: str | None = None
    kernel_driver: str | None = None
    numa_node: int | None = None
    compute_capability: str | None = None
    architecture: str | None = None
    compute_units: int | None = None
    clock_hz: float | None = None
    clock_max_hz: float | None = None
    memory_clock_hz: float | None = None
    memory_bus_bits: int | None = None
    utilization: float | None = None
    processes: int | None = None
    processes_memory_bytes: int | None = None
    power_limit_watts: float | None = None
    power_default_watts: float | None = None
    temperature_celsius: float | None = None
    temperature_slowdown_celsius: float | None = None
    pcie_generation: int | None = None
    pcie_generation_max: int | None = None
    pcie_generation_device: int | None = None
    pcie_generation_slot: int | None = None
    pcie_width: int | None = None
    pcie_width_max: int | None = None
    pcie_width_device: int | None = None
    pcie_width_slot: int | None = None
    throttle_reasons: tuple[str, ...] | None = None
    mig_enabled: bool | None = None
    slice_place: str | None = None
    compute_mode: str | None = None
    virtualization: str | None = None
    persistence_mode: bool | None = None
    wake_seconds: float | None = None
    ecc_enabled: bool | None = None
    ecc_uncorrected: int | None = None
    ecc_uncorrected_lifetime: int | None = None
    rows_remapped: int | None = None
    rows_pending: bool | None = None
    rows_failed: bool | None = None
    pages_retired: int | None = None
    pages_pending: bool | None = None
    xids: tuple[int, ...] | None = None
    torch_runs: bool | None = None
    torch_fit: str | None = None


class Link(msgspec.Struct, frozen=True, kw_only=True):
    """A way between two devices (``peer:gpu:0+gpu:1``) or a device and its host (``link:gpu:0``).

    ``count`` physical links of ``kind`` (nvlink, xgmi, c2c, pcie); ``distance`` is what lies
    between on PCIe, nearest first: board, switch, switches, bridge, node, system.
    ``bytes_per_second`` is the nominal rate of all of them in one direction.
    """

    id: str
    kind: str
    count: int | None = None
    generation: int | None = None
    bytes_per_second: float | None = None
    distance: str | None = None
    peer_access: bool | None = None
