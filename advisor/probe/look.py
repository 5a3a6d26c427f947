"""One look at a machine: each part is asked in turn, and says what it could not find out."""

from pathlib import Path

import msgspec

from advisor.machine import Cpu, Machine, Memory, Software
from advisor.probe import accelerators
from advisor.probe.source import Source

TIMEOUT = 15.0  # seconds; without persistence mode each NVIDIA GPU takes 1-3 s to wake


def look(source: Source, *, directory: Path, timeout: float = TIMEOUT) -> Machine:
    """See the machine behind ``source``, and the disk under ``directory``.

    ``timeout`` is what drivers may take, in seconds. Nothing is raised and nothing is timed.
    """
    source.note("directory", str(directory))
    seen = accelerators.look(source, timeout=timeout)
    return Machine(
        cpu=Cpu(),
        memory=Memory(),
        devices=seen.devices,
        links=seen.links,
        devices_unseen=seen.unseen,
        software=merge(Software(), seen.software),
        capacity=seen.capacity,
        gaps=seen.gaps,
    )


def merge(host: Software, drivers: Software) -> Software:
    """Fill what the host says of its software with what its drivers say."""
    known = {k: v for k, v in msgspec.structs.asdict(drivers).items() if v is not None}
    return msgspec.structs.replace(host, **known)
