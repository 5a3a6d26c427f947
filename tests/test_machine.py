"""The binding line of the ledger is the one marked so."""

from advisor.machine import Cpu, Limit, Machine, Memory, binding

LINES = (Limit("physical", 8, "sysfs"), Limit("cgroup", 2, "cpu.max", binding=True))


def test_binding_line():
    machine = Machine(cpu=Cpu(), memory=Memory(), capacity={"cpu": LINES})
    assert binding(machine, "cpu") == LINES[1]
    assert binding(machine, "memory") is None
