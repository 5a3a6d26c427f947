"""Facts about how the host is set up: clocks, power, memory modules, pages, swap, network."""

from collections.abc import Callable

from advisor.fact import Fact, Origin
from advisor.machine import Gap, Machine, Module
from advisor.vocabulary.row import Row, fact, rows

Read = Callable[[Machine], float | str | bool | None]
OPENMP = "OMP_NUM_THREADS"


def _asked(machine: Machine) -> float | None:
    """Return how many threads the environment asks for, as the capacity ledger shows it."""
    lines = machine.capacity.get("cpu", ())
    return next((line.value for line in lines if line.level == OPENMP), None)


def _slowest(speed: Callable[[Module], float | None]) -> Read:
    """Read a speed off every module that is fitted; all of them run at the slowest one's."""

    def slowest(machine: Machine) -> float | None:
        fitted = [module for module in machine.memory.modules or () if module.size_bytes]
        speeds = [read for module in fitted if (read := speed(module))]
        return min(speeds) if fitted and len(speeds) == len(fitted) else None

    return slowest


def _fitted(machine: Machine) -> float | None:
    modules = machine.memory.modules
    return None if modules is None else sum(1 for module in modules if module.size_bytes)


def _alike(machine: Machine) -> bool | None:
    sizes = {module.size_bytes for module in machine.memory.modules or () if module.size_bytes}
    return len(sizes) == 1 if sizes else None


def _swapped(machine: Machine) -> float | None:
    total, free = machine.memory.swap_total_bytes, machine.memory.swap_free_bytes
    return None if total is None or free is None else total - free


def _fastest(machine: Machine) -> float | None:
    """Return the rate of the fastest link that is up."""
    rates = [n.bits_per_second for n in machine.network if n.bits_per_second and n.state != "down"]
    return max(rates, default=None)


# name, unit or kind, meaning, value, and the gap that speaks of it
_TABLE: list[tuple[str, str, str, Read, str]] = [
    ("cpu.clock_max", "Hz", "highest clock of any core", lambda m: m.cpu.max_hz, "cpu.max_hz"),
    ("cpu.clock_limit", "Hz", "highest clock that is allowed now", lambda m: m.cpu.limit_hz,
     "cpu.max_hz"),
    ("cpu.core_kinds", "1", "kinds of cores",
     lambda m: len(m.cpu.core_types) if m.cpu.core_types else None, "cpu.core_types"),
    ("cpu.energy_preference", "text", "what the clock is chosen for: speed or saving",
     lambda m: m.cpu.energy_preference, ""),
    ("cpu.threads_asked", "1", f"threads that {OPENMP} asks for", _asked, ""),
    ("power.on_battery", "flag", "runs from its battery", lambda m: m.power.on_battery,
     "power.on_battery"),
    ("power.profile", "text", "the firmware's power profile", lambda m: m.power.profile, ""),
    ("power.mode", "text", "power mode of a board that has some", lambda m: m.power.mode,
     "power.mode"),
    ("power.mode_capped", "flag", "its power mode caps clocks, and another does not",
     lambda m: m.power.mode_capped, "power.mode"),
    ("memory.modules", "1", "memory modules that are fitted", _fitted, "memory.modules"),
    ("memory.channels", "1", "memory channels with a module", lambda m: m.memory.channels,
     "memory.channels"),
    ("memory.modules_alike", "flag", "all modules are of one size", _alike, "memory.modules"),
    ("memory.speed", "T/s", "transfers a second that the modules are set to",
     _slowest(lambda m: m.configured_transfers_per_second), "memory.modules"),
    ("memory.speed_rated", "T/s", "transfers a second that the modules are made for",
     _slowest(lambda m: m.transfers_per_second), "memory.modules"),
    ("memory.bandwidth", "bytes/s", "theoretical bandwidth of all channels",
     lambda m: m.memory.bandwidth_bytes_per_second, "memory.modules"),
    ("memory.transparent_huge_pages", "text", "large pages by themselves: always, madvise, never",
     lambda m: m.memory.transparent_huge_pages, ""),
    ("memory.swap_used", "bytes", "memory that lies on the disk now", _swapped, "memory.swap"),
    ("memory.shared", "bytes", "size of /dev/shm, where data-loader workers hand over batches",
     lambda m: m.memory.shared_bytes, "memory.shared_bytes"),
    ("network.speed", "bits/s", "rate of the fastest link that is up", _fastest, ""),
    ("software.torch_hip", "version", "ROCm that torch is for", lambda m: m.software.torch_hip,
     "software.torch_hip"),
    ("software.compiler", "text", "C++ compiler that torch.compile would call",
     lambda m: m.software.compiler, "software.compiler"),
    ("software.python_headers", "flag", "Python.h is there for torch.compile",
     lambda m: m.software.python_headers, "software.python_headers"),
    ("software.torch_spaced", "flag", "torch lies below a path with a space",
     lambda m: m.software.torch_spaced, "software.torch"),
]  # fmt: skip
MACHINE: tuple[Row[Machine], ...] = rows(
    "machine",
    Origin.PROBED,
    [(name, unit, meaning, read) for name, unit, meaning, read, _ in _TABLE],
)
_GAPS = {name: gap for name, *_, gap in _TABLE}
# What a system need not have, or need not tell.
OPTIONAL = frozenset(row.declaration.name for row in MACHINE)


def facts(machine: Machine) -> dict[str, Fact]:
    """State every fact about the set-up."""
    gaps = {gap.what: gap for gap in machine.gaps}
    told = [fact(r.declaration, r.value(machine), _gap(r, gaps)) for r in MACHINE]
    return {f.name: f for f in told}


def _gap(row: Row[Machine], gaps: dict[str, Gap]) -> Gap | None:
    """Find the gap of a fact; without the modules nothing that rests on them is known."""
    name = _GAPS[row.declaration.name]
    found = gaps.get(name)
    return found or (gaps.get("memory.modules") if name.startswith("memory.channels") else None)
