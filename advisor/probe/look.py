"""One look at a machine: each part is asked in turn, and says what it could not find out."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from advisor.compatibility import Compatibility
from advisor.machine import Gap, Machine, Power, Software
from advisor.probe import (
    accelerators,
    capacity,
    clocks,
    disk,
    memory,
    mounts,
    network,
    processor,
    stack,
    tegra,
)
from advisor.probe import software as versions
from advisor.probe.source import Source

TIMEOUT = 15.0  # seconds; without persistence mode each NVIDIA GPU takes 1-3 s to wake


def look(
    source: Source,
    *,
    directory: Path,
    timeout: float = TIMEOUT,
    tables: Callable[[], Compatibility] = Compatibility,
) -> Machine:
    """See the machine behind ``source``, and the disk under ``directory``.

    ``timeout`` is what drivers may take, in seconds; ``tables`` tells which software fits which,
    and is called only where that matters. Nothing else is raised than by it, and nothing is timed.
    """
    source.note("directory", str(directory))
    host, ram, supply = _host(source)
    mounted = mounts.look(source)
    ledger = capacity.look(
        source,
        mounted,
        capacity.Host(host.online, host.numa, ram.memory.total_bytes, ram.memory.available_bytes),
    )
    soft, data = versions.look(source, mounted), disk.look(source, mounted)
    seen = accelerators.look(source, timeout=timeout)
    told = merge(soft.software, seen.software)
    software, devices = stack.look(source, told, seen.devices, tables)
    supply, unread = tegra.powered(source, supply)
    gaps = (*host.gaps, *ram.gaps, *ledger.gaps, *data.gaps, *soft.gaps)
    return Machine(
        cpu=msgspec.structs.replace(host.cpu, threads_allowed=ledger.threads_allowed),
        memory=ram.memory,
        devices=devices,
        links=seen.links,
        devices_unseen=seen.unseen,
        disks=data.disks,
        network=network.look(source),
        software=software,
        power=supply,
        product=host.product,
        capacity={**ledger.lines, **seen.capacity},
        gaps=(*gaps, *_power(supply), *unread, *seen.gaps),
    )


def _host(source: Source) -> tuple[processor.Seen, memory.Seen, Power]:
    """See processors, memory and power by the system's own means."""
    if source.linux:
        host = processor.look(source)
        return host, memory.look(source, host.numa), clocks.power(source)
    from advisor.probe import darwin, elsewhere

    system = darwin if source.process("platform") == "darwin" else elsewhere
    return system.processors(source), system.ram(source), system.power(source)


def _power(supply: Power) -> tuple[Gap, ...]:
    why = "no power supply is listed, and a tree may leave it out"
    return (Gap("power.on_battery", why),) if supply.on_battery is None else ()


def merge(host: Software, drivers: Software) -> Software:
    """Fill what the host says of its software with what its drivers say."""
    known = {k: v for k, v in msgspec.structs.asdict(drivers).items() if v is not None}
    return msgspec.structs.replace(host, **known)
