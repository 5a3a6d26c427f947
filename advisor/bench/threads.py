"""Chooses on purpose how many threads the CPU benchmarks use, from the capacity ledger."""

import msgspec

from advisor.machine import Machine, binding


class Threads(msgspec.Struct, frozen=True):
    """How many threads, and why; ``pin`` says that they are bound to cores."""

    count: int
    why: str
    pin: bool = False


def choose(machine: Machine) -> Threads:
    """One thread a physical core, never more than the ledger leaves to this process.

    A second thread on a core shares its arithmetic units. Threads are bound to cores only where
    memory is spread over several NUMA nodes: there first touch decides a page's place.
    """
    cpu = machine.cpu
    line = binding(machine, "cpu")
    allowed = line.value if line and line.value else cpu.threads_allowed or cpu.threads_online
    bounds = [(int(n), why) for n, why in ((cpu.cores, "physical cores"),) if n]
    if allowed:
        bounds.append((int(allowed), f"the ledger ({line.level})" if line else "allowed threads"))
    count, why = min(bounds, default=(1, "nothing is known of the cores"))
    return Threads(max(count, 1), why, pin=(cpu.numa_nodes or 1) > 1)
