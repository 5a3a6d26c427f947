"""Processors are offered for the socket that is there, where they surely have more arithmetic."""

import pytest

from advisor.machine import Cpu
from advisor.part import Part
from advisor.pipeline.processors import swaps
from tests.fakes import machine


def cpu(name, fp32, cores=8, socket="AM5"):
    return Part(name=name, kind="cpu", socket=socket, cores=cores, peaks={"fp32": fp32})


OWN = cpu("own", 1e12)


def names(parts, own=OWN, sockets=1, hypervisor=None):
    on = machine(cpu=Cpu(sockets=sockets, hypervisor=hypervisor))
    return [str(item) for item in swaps(on, own, parts)]


@pytest.mark.parametrize(
    ("part", "offered"),
    [
        (cpu("A", 2e12), True),
        (cpu("A", 1.1e12), False),
        (cpu("A", 2e12, socket="AM4"), False),
        (cpu("A", 2e12, socket=None), False),
    ],
)
def test_what_fits(part, offered):
    assert names([OWN, part]) == (["A"] if offered else [])


def test_a_few_the_fastest_first_one_of_each_number_of_cores():
    parts = [cpu(f"{n}{k}", n * 1e12 + k, cores=n) for n in (2, 3, 4, 5) for k in (0, 1)]
    assert names(parts) == ["51", "41", "31"]


def test_each_socket_gets_one():
    assert names([cpu("A", 2e12)], sockets=2) == ["2x A"]


@pytest.mark.parametrize(
    "told", [{"own": None}, {"own": cpu("own", 1e12, socket=None)}, {"hypervisor": "KVM"}]
)
def test_where_the_socket_is_not_known_nothing_is_offered(told):
    assert names([cpu("A", 2e12)], **told) == []
