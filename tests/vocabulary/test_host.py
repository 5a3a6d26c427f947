"""Host facts carry the profile's values; what a gap names is unknown, what none names missing."""

import msgspec
import pytest

from advisor.fact import Status
from advisor.machine import Cpu, Gap
from advisor.vocabulary.host import disk_facts, facts, find_gap
from tests.fakes import GIB, MACHINE, machine

FACTS = facts(MACHINE)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("cpu.cores", 4), ("cpu.threads_allowed", 2), ("cpu.l3", 32 * 2**20),
        ("memory.total", 64 * GIB), ("memory.allowed", 48 * GIB), ("cpu.limit", "cgroup"),
        ("software.torch", "2.13.0"), ("cpu.isa.avx2", True), ("cpu.isa.amx_bf16", False),
    ],
)  # fmt: skip
def test_values(name, value):
    assert FACTS[name].value == value


@pytest.mark.parametrize(
    ("name", "status"),
    [("cpu.governor", Status.UNKNOWN), ("cpu.hypervisor", Status.MISSING)],
)
def test_gap_or_none(name, status):
    assert FACTS[name].status is status


@pytest.mark.parametrize(
    ("fact", "gap"),
    [
        ("cpu.l3", "cpu.l3_bytes"),
        ("cpu.isa.avx2", "cpu.isa"),
        ("memory.allowed", "memory.available_bytes"),
    ],
)
def test_gaps_are_found_under_the_profile_name(fact, gap):
    there = Gap(gap, "why")
    assert find_gap({gap: there}, fact) is there


def test_unread_instruction_sets_are_unknown():
    told = facts(machine(cpu=Cpu(), gaps=(Gap("cpu.isa", "no cpuinfo"),)))
    assert told["cpu.isa.avx2"].status is Status.UNKNOWN


def test_disks():
    assert disk_facts(MACHINE.disks[0], {})["disk.free"].value == 100 * GIB


@pytest.mark.parametrize(
    ("unseen", "count"),
    [(None, sum(d.state == "present" for d in MACHINE.devices)), ("mute", None)],
)
def test_gpus_are_counted_only_where_all_were_seen(unseen, count):
    told = facts(msgspec.structs.replace(MACHINE, devices_unseen=unseen))["machine.gpus"]
    assert (told.value, told.why) == (count, unseen or "")
