"""Windows does not crash the probe, which says what it cannot see there."""

from advisor.machine import Power
from advisor.probe import elsewhere, look
from tests.forest import grow

TOLD = {
    "cores": 8,
    "threads": 16,
    "total": 1000,
    "available": 400,
    "plugged": 0,
    "battery_percent": 50,
}
FACTS = {
    "platform": "win32", "psutil": TOLD, "cpuinfo": "AMD Ryzen 7 5800X", "machine": "AMD64",
    "system": "Windows-10-10.0.19045-SP0", "release": "10", "affinity": [0, 1, 2, 3],
}  # fmt: skip


def test_windows():
    machine = look(grow(facts=FACTS, kind="live", linux=False), directory="C:\\")
    cpu = machine.cpu
    assert (cpu.model, cpu.architecture, cpu.cores) == ("AMD Ryzen 7 5800X", "AMD64", 8)
    assert (cpu.threads_online, cpu.threads_allowed) == (16, 4)
    assert (machine.memory.total_bytes, machine.memory.available_bytes) == (1000, 400)
    assert machine.power == Power(on_battery=True, battery=0.5)
    assert machine.software.os == "Windows-10-10.0.19045-SP0"
    whys = {gap.what: gap.why for gap in machine.gaps}
    assert {"cpu.sockets", "cpu.l3_bytes", "cpu.isa", "cpu.numa_nodes"} <= whys.keys()
    assert "Windows" in whys["cpu.sockets"]
    assert machine.devices == ()
    assert machine.devices_unseen == "on Windows only NVIDIA's driver is asked for GPUs"


def test_without_psutil():
    source = grow(facts={"platform": "win32"}, kind="live", linux=False)
    seen = elsewhere.processors(source)
    assert seen.cpu.threads_online is None
    assert elsewhere.power(source) == Power()
    assert {gap.what for gap in elsewhere.ram(source).gaps} == {
        "memory.total_bytes", "memory.available_bytes"
    }  # fmt: skip
