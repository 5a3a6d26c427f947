"""Machines whose board is one with its GPU take no card; servers take cards made for servers."""

import pytest

from advisor.machine import Cpu, Power
from advisor.part import Part
from advisor.pipeline.cases import closed_to_cards, is_server, out_of_place
from tests.fakes import MACHINE, machine


@pytest.mark.parametrize(
    ("on", "why"),
    [
        (machine(power=Power(battery=0.8)), "battery"),
        (machine(product="NVIDIA Jetson AGX Orin"), "one with its board"),
        (machine(cpu=Cpu(vendor="Apple")), "one with its board"),
    ],
)
def test_machines_that_take_no_card(on, why):
    assert why in closed_to_cards(on)


def test_a_desktop_takes_one():
    assert closed_to_cards(MACHINE) == ""


@pytest.mark.parametrize(
    ("sockets", "grade", "serves"),
    [(1, "desktop", False), (1, "server", True), (2, None, True), (None, None, False)],
)
def test_servers(sockets, grade, serves):
    cpu = Part(name="X", kind="cpu", grade=grade) if grade else None
    assert is_server(machine(cpu=Cpu(sockets=sockets)), cpu) is serves


@pytest.mark.parametrize(
    ("kind", "grade", "away"),
    [("gpu", "consumer", True), ("gpu", "workstation", False), ("gpu", "datacenter", False),
     ("disk", "", False)],
)  # fmt: skip
def test_what_belongs_into_a_server(kind, grade, away):
    assert bool(out_of_place(Part(name="X", kind=kind, grade=grade))) is away
