"""The set-up is told as firmware, kernel and environment tell it."""

import pytest

from advisor.fact import Status
from advisor.machine import CoreType, Cpu, Gap, Limit, Memory, Module, Network, Power, Software
from advisor.vocabulary.setup import MACHINE, facts
from tests.fakes import GIB, machine

SLOW = Module(
    size_bytes=16 * GIB, transfers_per_second=6.0e9, configured_transfers_per_second=4.8e9
)
FAST = Module(
    size_bytes=32 * GIB, transfers_per_second=5.6e9, configured_transfers_per_second=5.2e9
)
EMPTY = Module(locator="DIMM 2")
FACTS = facts(
    machine(
        cpu=Cpu(
            max_hz=5e9, limit_hz=3e9, energy_preference="power",
            core_types=(CoreType("performance", (0,)), CoreType("efficiency", (1,))),
        ),
        memory=Memory(
            modules=(SLOW, FAST, EMPTY), channels=2, bandwidth_bytes_per_second=7.7e10,
            transparent_huge_pages="never", swap_total_bytes=8 * GIB, swap_free_bytes=6 * GIB,
            shared_bytes=64 * 2**20,
        ),
        power=Power(on_battery=True, profile="low-power"),
        network=(
            Network("net:a", state="up", bits_per_second=1e9),
            Network("net:b", state="down", bits_per_second=1e11),
            Network("net:c", state="up"),
        ),
        software=Software(torch_hip="6.2"),
        capacity={"cpu": (Limit("physical", 8, "/sys", binding=True),
                          Limit("OMP_NUM_THREADS", 1, "environment"))},
    )
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cpu.clock_max", 5e9), ("cpu.clock_limit", 3e9), ("cpu.core_kinds", 2),
        ("cpu.energy_preference", "power"), ("cpu.threads_asked", 1), ("power.on_battery", True),
        ("power.profile", "low-power"), ("memory.modules", 2), ("memory.channels", 2),
        ("memory.modules_alike", False), ("memory.speed", 4.8e9), ("memory.speed_rated", 5.6e9),
        ("memory.bandwidth", 7.7e10), ("memory.transparent_huge_pages", "never"),
        ("memory.swap_used", 2 * GIB), ("memory.shared", 64 * 2**20), ("network.speed", 1e9),
        ("software.torch_hip", "6.2"),
    ],
)  # fmt: skip
def test_values(name, value):
    assert FACTS[name].value == value


def test_every_row_has_a_case():
    assert set(FACTS) == {row.declaration.name for row in MACHINE}


@pytest.mark.parametrize("name", ["memory.modules", "memory.channels", "memory.speed"])
def test_modules_that_only_root_may_read_are_unknown(name):
    told = facts(machine(gaps=(Gap("memory.modules", "permission denied", "run as root"),)))[name]
    assert (told.status, told.remedy) == (Status.UNKNOWN, "run as root")


def test_what_was_not_asked_for_is_missing():
    assert facts(machine())["cpu.threads_asked"].status is Status.MISSING


def test_a_speed_that_one_module_keeps_to_itself_is_not_told():
    silent = Module(size_bytes=16 * GIB)
    told = facts(machine(memory=Memory(modules=(SLOW, silent))))["memory.speed"]
    assert told.value is None
