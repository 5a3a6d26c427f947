"""What no system tells is asked before anything is bought."""

import pytest
from msgspec.structs import replace

from advisor.machine import Module
from advisor.part import Part
from advisor.pipeline.unseen import asked, boards, unread
from advisor.purchase import Item, Limits
from tests.fakes import CPU, MACHINE, machine

GUEST = machine(cpu=replace(CPU, hypervisor="KVM"))
INSIDE = machine(software=replace(MACHINE.software, container="docker"))
OWN = Part(name="A", kind="cpu", socket="AM5")


@pytest.mark.parametrize(
    ("on", "limits", "words"),
    [
        (MACHINE, Limits(), ["--slots", "--supply", "--length"]),
        (MACHINE, Limits(slots=2, supply=750, length=300), []),
        (GUEST, Limits(slots=2, supply=750, length=300), ["virtual machine (KVM)"]),
        (INSIDE, Limits(slots=2, supply=750, length=300), ["container (docker)"]),
    ],
)
def test_asked(on, limits, words):
    told = list(asked(on, limits))
    assert len(told) == len(words)
    assert all(word in line for word, line in zip(words, told, strict=True))


def test_a_processor_is_asked_of_the_board():
    told = list(boards([Item(replace(OWN, name="B"))], OWN))
    assert "its socket is AM5" in told[0]
    assert "another board is another machine" in told[1]


def test_modules_and_socket_that_cannot_be_read_are_named():
    known = machine(memory=replace(MACHINE.memory, modules=(Module(size_bytes=2**34),)))
    assert [len(list(unread(on, own))) for on, own in ((MACHINE, None), (known, OWN))] == [2, 0]
