"""What is in the box, and what of it this process may use.

Sizes are bytes, clocks Hz, powers W, temperatures °C. ``None`` means *could not find out* where a
`Gap` on the machine names the field, else *known not to exist* (no torch, no hypervisor); never 0.
"""

import msgspec

from advisor.device import Device, Link, State

__all__ = [
    "Cache",
    "CoreType",
    "Cpu",
    "Device",
    "Disk",
    "Gap",
    "HugePages",
    "Limit",
    "Link",
    "Machine",
    "Memory",
    "Module",
    "Network",
    "NumaNode",
    "Peak",
    "Power",
    "Software",
    "State",
    "binding",
    "gpus",
]


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


class NumaNode(msgspec.Struct, frozen=True):
    """One NUMA node; ``gpu`` marks one that is a GPU's own memory."""

    id: int
    cpus: tuple[int, ...]
    memory_bytes: int | None = None
    gpu: bool = False


class Peak(msgspec.Struct, frozen=True):
    """Theoretical FLOP/s (OP/s for int8) over all cores: at the base clock, at the all-core clock.

    ``high`` is None where the all-core clock is not known; it is never a single core's boost.
    ``formula`` is the arithmetic in words, ``source`` where its factors are from.
    """

    dtype: str
    low: float | None
    high: float | None
    formula: str
    source: str


class Cpu(msgspec.Struct, frozen=True):
    """The processors of the host, as the kernel tells of them.

    ``cores`` are physical cores of the online CPUs, ``threads_allowed`` what cgroup and affinity
    leave to this process, ``l3_bytes`` the sum over instances. ``max_hz`` is the highest clock of
    any core, ``limit_hz`` what it may reach now, ``base_hz`` the lowest base clock of all cores.
    ``steal`` is the share of CPU time, 0 to 1, that the hypervisor gave to others since boot.
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
    base_hz: float | None = None
    limit_hz: float | None = None
    energy_preference: str | None = None
    steal: float | None = None
    numa: tuple[NumaNode, ...] | None = None
    peaks: tuple[Peak, ...] | None = None


class Power(msgspec.Struct, frozen=True):
    """What the machine runs from: ``battery`` is the charge, 0 to 1, where there is one.

    ``mode`` is the power mode of a board that has some, ``mode_capped`` whether another lets it run
    without caps.
    """

    on_battery: bool | None = None
    battery: float | None = None
    profile: str | None = None
    mode: str | None = None
    mode_capped: bool | None = None


class Module(msgspec.Struct, frozen=True, kw_only=True):
    """A memory module as firmware tells of it; speeds are its own and what it is set to."""

    locator: str | None = None
    bank: str | None = None
    size_bytes: int | None = None
    kind: str | None = None
    width_bits: int | None = None
    transfers_per_second: float | None = None
    configured_transfers_per_second: float | None = None
    manufacturer: str | None = None
    part_number: str | None = None


class HugePages(msgspec.Struct, frozen=True):
    """Pages reserved beforehand, of one size; ``transparent`` pages come by themselves."""

    size_bytes: int
    total: int
    free: int | None = None


class Memory(msgspec.Struct, frozen=True):
    """Host memory, without memory that belongs to GPUs.

    ``bandwidth`` is theoretical: over all channels, bytes/s. ``transparent_huge_pages`` is the
    kernel's setting: always, madvise or never; ``shared_bytes`` is the size of ``/dev/shm``.
    """

    total_bytes: int | None = None
    available_bytes: int | None = None
    modules: tuple[Module, ...] | None = None
    channels: int | None = None
    bandwidth_bytes_per_second: float | None = None
    huge_pages: tuple[HugePages, ...] | None = None
    transparent_huge_pages: str | None = None
    swap_total_bytes: int | None = None
    swap_free_bytes: int | None = None
    shared_bytes: int | None = None


class Disk(msgspec.Struct, frozen=True):
    """The disk under one directory."""

    id: str
    path: str
    filesystem: str | None = None
    kind: str | None = None
    total_bytes: int | None = None
    free_bytes: int | None = None
    device: str | None = None


class Network(msgspec.Struct, frozen=True):
    """A network link or an RDMA port with hardware behind it; the rate is bits/s as negotiated."""

    id: str
    kind: str | None = None
    state: str | None = None
    bits_per_second: float | None = None
    pci_address: str | None = None


class Software(msgspec.Struct, frozen=True):
    """Versions as their makers print them.

    ``cuda_driver`` is the newest CUDA that the driver runs, ``torch_cuda`` and ``torch_hip`` what
    torch was built for, ``torch_architectures`` the GPU code inside it (sm_90, compute_90, gfx942),
    ``driver_needed`` and ``cudnn_needed`` the oldest NVIDIA driver and cuDNN that run it;
    ``compiler`` the C++ compiler that torch.compile would call, ``python_headers`` whether it finds
    Python.h, ``torch_spaced`` whether torch lies below a path with a space.
    """

    os: str | None = None
    kernel: str | None = None
    container: str | None = None
    python: str | None = None
    driver: str | None = None
    driver_needed: str | None = None
    cuda_driver: str | None = None
    cuda_runtimes: tuple[str, ...] | None = None
    cudnn: str | None = None
    cudnn_needed: str | None = None
    rocm: str | None = None
    torch: str | None = None
    torch_cuda: str | None = None
    torch_hip: str | None = None
    torch_architectures: tuple[str, ...] | None = None
    compiler: str | None = None
    python_headers: bool | None = None
    torch_spaced: bool | None = None


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
    links: tuple[Link, ...] = ()
    disks: tuple[Disk, ...] = ()
    network: tuple[Network, ...] = ()
    software: Software = Software()
    power: Power = Power()
    product: str | None = None
    capacity: dict[str, tuple[Limit, ...]] = msgspec.field(default_factory=dict)
    gaps: tuple[Gap, ...] = ()
    devices_unseen: str | None = None


def gpus(machine: Machine, *, slices: bool = True) -> tuple[Device, ...]:
    """Return the GPUs that can be used, with the slices (MIG) of those that are cut, or without."""
    return tuple(
        d
        for d in machine.devices
        if d.state is State.PRESENT and d.id.startswith("gpu") and (slices or "/" not in d.id)
    )


def binding(machine: Machine, resource: str) -> Limit | None:
    """Return the ledger line that decides how much of a resource this process may use."""
    return next((line for line in machine.capacity.get(resource, ()) if line.binding), None)
