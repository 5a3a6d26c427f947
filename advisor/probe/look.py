"""One look at a machine: each part is asked in turn, and says what it could not find out."""

from pathlib import Path

import msgspec

from advisor.machine import Machine, Software
from advisor.probe import accelerators, capacity, disk, memory, mounts, network, processor
from advisor.probe import software as versions
from advisor.probe.source import Source

TIMEOUT = 15.0  # seconds; without persistence mode each NVIDIA GPU takes 1-3 s to wake


def look(source: Source, *, directory: Path, timeout: float = TIMEOUT) -> Machine:
    """See the machine behind ``source``, and the disk under ``directory``.

    ``timeout`` is what drivers may take, in seconds. Nothing is raised and nothing is timed.
    """
    source.note("directory", str(directory))
    host = processor.look(source)
    ram = memory.look(source, host.numa)
    mounted = mounts.look(source)
    ledger = capacity.look(
        source,
        mounted,
        capacity.Host(host.online, host.numa, ram.memory.total_bytes, ram.memory.available_bytes),
    )
    soft = versions.look(source, mounted)
    data = disk.look(source, mounted)
    seen = accelerators.look(source, timeout=timeout)
    return Machine(
        cpu=msgspec.structs.replace(host.cpu, threads_allowed=ledger.threads_allowed),
        memory=ram.memory,
        devices=seen.devices,
        links=seen.links,
        devices_unseen=seen.unseen,
        disks=data.disks,
        network=network.look(source),
        software=merge(soft.software, seen.software),
        capacity={**ledger.lines, **seen.capacity},
        gaps=(*host.gaps, *ram.gaps, *ledger.gaps, *data.gaps, *soft.gaps, *seen.gaps),
    )


def merge(host: Software, drivers: Software) -> Software:
    """Fill what the host says of its software with what its drivers say."""
    known = {k: v for k, v in msgspec.structs.asdict(drivers).items() if v is not None}
    return msgspec.structs.replace(host, **known)
