"""Joins what the probe saw with what torch sees: where benchmarks may run, and in how much room."""

from collections.abc import Sequence

from advisor.bench.messages import Found, Survey
from advisor.bench.task import Place, Site
from advisor.bench.threads import Threads
from advisor.machine import Cache, Device, Gap, Machine, State, binding

# Never more than half of what is free.
MEMORY_SHARE = 0.5
# A device that others use beyond this is left alone: their work would suffer, and our figures.
BUSY_UTILIZATION = 0.10
BUSY_MEMORY_SHARE = 0.10
# No processor has more last-level cache a core (AMD EPYC 9175F: 512 MiB for 16 cores). A guest with
# two cores of a Xeon was told of 260 MiB, and had left them with arrays of 64 MiB.
_CACHE_A_CORE = 32 * 2**20


def survey_site(
    machine: Machine, survey: Survey, threads: Threads, *, busy_too: bool
) -> tuple[Site, list[Gap]]:
    """Return the places that may be timed, and a gap for each that may not."""
    places = [_cpu(machine, survey)]
    gaps: list[Gap] = []
    for found in survey.found:
        if found.kind == "cpu":
            continue
        device = _device(machine, found)
        reason = None if busy_too else _in_use(device)
        if reason:
            gaps.append(
                Gap(
                    f"measurements.{device.id}",
                    reason,
                    "try again when it is idle, or mlinfra bench --busy-too",
                )
            )
        else:
            places.append(_accelerator(device, found))
    disk = machine.disks[0] if machine.disks else None
    site = Site(
        places=tuple(places),
        threads=threads.count,
        folder=disk.path if disk else ".",
        torch=survey.torch,
        disk=disk.id if disk else "disk:0",
        disk_free_bytes=disk.free_bytes if disk else None,
        virtual=machine.cpu.hypervisor is not None,
        numa_nodes=machine.cpu.numa_nodes or 1,
    )
    return site, gaps


def _cpu(machine: Machine, survey: Survey) -> Place:
    found = next((one for one in survey.found if one.kind == "cpu"), None)
    return Place(
        device="cpu",
        kind="cpu",
        torch="cpu" if found else None,
        dtypes=found.dtypes if found else (),
        memory_bytes=host_memory(machine),
        cache_bytes=last_level_cache(machine),
    )


def host_memory(machine: Machine) -> int | None:
    """Return what benchmarks may take of the host's memory; None where nothing tells it."""
    line = binding(machine, "memory")
    free = [line.value if line else None, machine.memory.available_bytes]
    known = [value for value in free if value is not None]
    return int(min(known) * MEMORY_SHARE) if known else None


def last_level_cache(machine: Machine) -> int | None:
    """Return the bytes of the processors' last caches together; None where they are not known.

    A guest is told of all of its host's, however few of the cores it has.
    """
    told = machine.cpu.l3_bytes or _last(machine.cpu.caches or ())
    cores = machine.cpu.cores or machine.cpu.threads_online
    if told and cores and machine.cpu.hypervisor:
        return min(told, _CACHE_A_CORE * cores)
    return told


def _last(caches: Sequence[Cache]) -> int | None:
    last = max((cache.level for cache in caches), default=0)
    return sum(c.instances * c.size_bytes for c in caches if c.level == last) or None


def _accelerator(device: Device, found: Found) -> Place:
    free = found.free_bytes
    return Place(
        device=device.id,
        kind=found.kind,
        torch=found.torch,
        dtypes=found.dtypes,
        memory_bytes=int(free * MEMORY_SHARE) if free is not None else None,
        cache_bytes=found.cache_bytes,
        hardware=device.uuid or device.pci_address or found.uuid,
    )


def _device(machine: Machine, found: Found) -> Device:
    """Find the probed device by UUID or PCI address, never by index unless it is the only one."""
    for device in machine.devices:
        if _same(device.uuid, found.uuid) or _same(device.pci_address, found.pci_address):
            return device
    gpus = [device for device in machine.devices if device.id.startswith("gpu:")]
    if len(gpus) == 1:
        return gpus[0]
    index = found.torch.partition(":")[2] or "0"
    return Device(id=f"gpu:{index}", name=found.name, state=State.PRESENT, uuid=found.uuid)


def _same(a: str | None, b: str | None) -> bool:
    """Compare identities as drivers spell them: ``GPU-`` before UUIDs, longer PCI domains."""
    if not a or not b:
        return False
    one, other = (text.lower().removeprefix("gpu-") for text in (a, b))
    return one == other or one.lstrip("0") == other.lstrip("0")


def _in_use(device: Device) -> str | None:
    if device.utilization is not None and device.utilization > BUSY_UTILIZATION:
        return f"others use {device.id}: {device.utilization:.0%} busy"
    total, free = device.memory_bytes, device.memory_free_bytes
    if total and free is not None and 1 - free / total > BUSY_MEMORY_SHARE:
        return f"others use {device.id}: {1 - free / total:.0%} of its memory is taken"
    return None
