"""Shares of what is possible in theory: told where they mean something, else missing with why."""

import msgspec
import pytest

from advisor.fact import Status
from advisor.machine import Limit, Link, Memory, Peak
from advisor.vocabulary import measured
from advisor.vocabulary.attained import DECLARATIONS, host_facts, link_facts
from tests.fakes import CPU, GPU, MEASURED, machine
from tests.fakes import measured as timed

changed = msgspec.structs.replace
PEAK = Peak("fp32", 4e11, 5e11, "4 cores", "Agner Fog")
BASE = Peak("fp32", 4e11, None, "4 cores", "Agner Fog")
DUAL = Memory(channels=2, bandwidth_bytes_per_second=4e10)


def whole(**parts):
    """The usual machine, all of it ours and nothing hidden."""
    cpu = changed(CPU, threads_allowed=8, peaks=(PEAK,), **parts)
    return machine(cpu=cpu, memory=DUAL, capacity={})


def told(there):
    return host_facts(there, measured.facts(measured.CPU, "cpu", MEASURED))


def interval(fact):
    return fact.low, fact.value, fact.high


def test_the_share_spans_both_clocks_and_the_width_of_what_was_timed():
    found = told(whole())["cpu.attained_share.fp32"]
    assert interval(found) == pytest.approx((2.85 / 5, 3 / 4.5, 3.15 / 4))


def test_where_only_the_base_clock_is_known_the_share_is_of_that():
    there = machine(cpu=changed(CPU, threads_allowed=8, peaks=(BASE,)), capacity={})
    assert interval(told(there)["cpu.attained_share.fp32"]) == pytest.approx((0.7125, 0.75, 0.7875))


def test_memory_counts_reads_before_writes_as_possible():
    found = told(whole())["memory.attained_share"]
    assert (found.low, found.high) == pytest.approx((0.475, 0.525 * 4 / 3))


@pytest.mark.parametrize(
    ("there", "why"),
    [
        (whole(hypervisor="kvm"), "kvm hides the clock"),
        (machine(cpu=changed(CPU, peaks=(PEAK,))), "not every processor"),
        (
            machine(
                cpu=changed(CPU, threads_allowed=8, peaks=(PEAK,)),
                capacity={"cpu": (Limit("cgroup", 2.0, "cpu.max", binding=True),)},
            ),
            "cgroup leaves us 2 of 8",
        ),
        (machine(cpu=changed(CPU, threads_allowed=8), capacity={}), "peak in theory is not known"),
    ],
)
def test_without_meaning_there_is_no_share(there, why):
    found = told(there)["cpu.attained_share.fp32"]
    assert (found.status, why in found.why) == (Status.MISSING, True)


def test_what_was_not_timed_names_the_command():
    found = host_facts(whole(), measured.facts(measured.CPU, "cpu", ()))["memory.attained_share"]
    assert (found.status, found.remedy) == (Status.UNKNOWN, "mlinfra bench memory")


def test_a_links_share_is_of_where_the_card_sits():
    copies = (timed("host_link.h2d", "link:gpu:0", 6e9, "bytes/s"),)
    link = Link(id="link:gpu:0", kind="pcie", count=8, generation=3, bytes_per_second=7.88e9)
    facts = measured.facts(measured.GPU, "gpu:0", copies)
    found = link_facts(GPU, machine(links=(link,)), facts)
    assert found["gpu.link_share.h2d"].value == pytest.approx(6 / 7.88)
    assert found["gpu.link_share.d2h"].status is Status.UNKNOWN
    assert link_facts(GPU, machine(), facts)["gpu.link_share.h2d"].status is Status.MISSING


def test_each_is_declared_as_what_may_be_missing():
    assert all(declaration.optional for declaration in DECLARATIONS)
