"""Systems without /proc and sysctl, such as Windows: what psutil and py-cpuinfo know."""

from advisor.machine import Cpu, Gap, Memory, Power
from advisor.probe import memory
from advisor.probe.numa import Numa
from advisor.probe.processor import Seen
from advisor.probe.source import Source

_FIELDS = (
    "vendor", "model", "architecture", "sockets", "cores", "threads_online", "threads_present",
    "l3_bytes", "core_types", "isa", "hypervisor", "max_hz", "base_hz", "governor", "peaks",
    "steal",
)  # fmt: skip
_NO_NODES = Numa((), None, (Gap("cpu.numa_nodes", "this system is not asked for its nodes yet"),))


def processors(source: Source) -> Seen:
    """Count cores and threads, and name the processor."""
    told = _told(source)
    threads = told.get("threads")
    model, machine = source.process("cpuinfo"), source.process("machine")
    cpu = Cpu(
        model=model if isinstance(model, str) else None,
        architecture=machine if isinstance(machine, str) else None,
        cores=told.get("cores"),
        threads_online=threads,
        max_hz=told.get("max_hz"),
    )
    why = f"on {_system(source)} only psutil and py-cpuinfo are asked, which do not tell it"
    gaps = [Gap(f"cpu.{field}", why) for field in _FIELDS if getattr(cpu, field) is None]
    online = frozenset(range(min(threads, 4096))) if threads else frozenset[int]()
    return Seen(cpu, _NO_NODES, online, None, (*_NO_NODES.gaps, *gaps))


def ram(source: Source) -> memory.Seen:
    """See total and available memory."""
    told = _told(source)
    seen = Memory(total_bytes=told.get("total"), available_bytes=told.get("available"))
    names = [n for n in ("total_bytes", "available_bytes") if getattr(seen, n) is None]
    return memory.Seen(seen, tuple(Gap(f"memory.{n}", source.why("psutil")) for n in names))


def power(source: Source) -> Power:
    """See whether the machine runs from its battery."""
    told = _told(source)
    plugged, percent = told.get("plugged"), told.get("battery_percent")
    return Power(
        on_battery=None if plugged is None else not plugged,
        battery=None if percent is None else percent / 100,
    )


def _system(source: Source) -> str:
    platform = source.process("platform")
    return {"win32": "Windows"}.get(str(platform), str(platform or "this system"))


def _told(source: Source) -> dict[str, int]:
    told = source.process("psutil")
    return (
        {k: int(v) for k, v in told.items() if isinstance(v, int)} if isinstance(told, dict) else {}
    )
