"""The binding line of the ledger is the one marked so; usable GPUs are counted one way."""

from advisor.machine import Cpu, Device, Limit, Machine, Memory, State, binding, gpus

LINES = (Limit("physical", 8, "sysfs"), Limit("cgroup", 2, "cpu.max", binding=True))


def test_binding_line():
    machine = Machine(cpu=Cpu(), memory=Memory(), capacity={"cpu": LINES})
    assert binding(machine, "cpu") == LINES[1]
    assert binding(machine, "memory") is None


def card(number, **fields):
    told = {"name": "NVIDIA H100", "memory_bytes": 80, "state": State.PRESENT} | fields
    return Device(id=f"gpu:{number}", **told)


def test_usable_gpus_are_those_that_are_there_with_their_slices_or_without():
    npu = Device(id="npu:0", state=State.PRESENT)
    devices = (card(0), card(1, state=State.BROKEN), card("2/mig:0"), npu)
    machine = Machine(Cpu(), Memory(), devices)
    assert [gpu.id for gpu in gpus(machine)] == ["gpu:0", "gpu:2/mig:0"]
    assert [gpu.id for gpu in gpus(machine, slices=False)] == ["gpu:0"]
