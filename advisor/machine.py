"""What is in the box, and what of it this process may use.

Sizes are bytes, clocks Hz, powers W, temperatures °C. ``None`` means *could not find out*, and a
`Gap` on the machine then says why; it never stands for zero or for "not there".
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


class Gap(msgspec.Struct, frozen=True):
    """Something that could not be found out: ``what`` is its path under ``machine``."""

    what: str
    why: str
    remedy: str = ""


class CoreType(msgspec.Struct, frozen=True):
    """One kind of core of a hybrid processor, with the logical CPUs that are of it."""

    name: str
    cpus: tuple[int, ...]
    cores: int | None = None


class Cache(msgspec.Struct, frozen=True):
    """All instances of one cache: ``size_bytes`` is of one, the total is ``instances`` times it."""

    level: int
    kind: str
    instances: int
    size_bytes: int


class Cpu(msgspec.Struct, frozen=True):
    """The processors of the host, as the kernel tells of them.

    ``cores`` are physical cores of the online CPUs, ``threads_allowed`` what cgroup and affinity
    leave to this process, ``l3_bytes`` the sum over instances.
    """

    vendor: str | None = None
    model: str | None = None
    architecture: str | None = None
    sockets: int | None = None
    cores: int | None = None
    threads_online: int | None = None
    threads_present: int | None = None
    threads_allowed: int | None = None
    numa_nodes: int | None = None
    l3_bytes: int | None = None
    core_types: tuple[CoreType, ...] | None = None
    isa: tuple[str, ...] | None = None
    hypervisor: str | None = None
    caches: tuple[Cache, ...] | None = None
    max_hz: float | None = None
    governor: str | None = None


class Memory(msgspec.Struct, frozen=True):
    """Host memory, without memory that belongs to GPUs."""

    total_bytes: int | None = None
    available_bytes: int | None = None


class Device(msgspec.Struct, frozen=True, kw_only=True):
    """An accelerator, in whatever state; ``id`` counts physical devices in PCI order."""

    id: str
    vendor: str | None = None
    name: str | None = None
    state: State = State.UNKNOWN
    why: str | None = None
    remedy: str | None = None
    memory_bytes: int | None = None
    memory_free_bytes: int | None = None
    pci_address: str | None = None
    pci_id: str | None = None
    uuid: str | None = None
    compute_capability: str | None = None
    utilization: float | None = None
    power_limit_watts: float | None = None
    power_default_watts: float | None = None
    temperature_celsius: float | None = None
    pcie_generation: int | None = None
    pcie_generation_max: int | None = None
    pcie_width: int | None = None
    pcie_width_max: int | None = None
    throttle_reasons: tuple[str, ...] | None = None
    mig_enabled: bool | None = None


class Disk(msgspec.Struct, frozen=True):
    """The disk under one directory."""

    id: str
    path: str
    filesystem: str | None = None
    kind: str | None = None
    total_bytes: int | None = None
    free_bytes: int | None = None


class Software(msgspec.Struct, frozen=True):
    """Versions as their makers print them; ``torch_cuda`` is the CUDA that torch was built for."""

    os: str | None = None
    kernel: str | None = None
    container: str | None = None
    python: str | None = None
    driver: str | None = None
    cuda_driver: str | None = None
    torch: str | None = None
    torch_cuda: str | None = None


class Limit(msgspec.Struct, frozen=True):
    """One line of the capacity ledger: what a level allows, who says so, whether it binds."""

    level: str
    value: float | None
    source: str
    binding: bool = False


class Machine(msgspec.Struct, frozen=True):
    """The whole machine. ``devices_unseen`` says why devices may be there that were not seen."""

    cpu: Cpu
    memory: Memory
    devices: tuple[Device, ...] = ()
    disks: tuple[Disk, ...] = ()
    software: Software = Software()
    capacity: dict[str, tuple[Limit, ...]] = msgspec.field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    devices_unseen: str | None = None


def binding(machine: Machine, resource: str) -> Limit | None:
    """Return the ledger line that decides how much of a resource this process may use."""
    return next((line for line in machine.capacity.get(resource, ()) if line.binding), None)
