"""What no system tells of a machine and must be looked at before anything is bought for it."""

from collections.abc import Iterable, Iterator

from advisor.machine import Machine
from advisor.part import Part
from advisor.pipeline.cases import closed_to_cards
from advisor.purchase import Item, Limits


def asked(machine: Machine, limits: Limits) -> Iterator[str]:
    """Say what could not be known and must be looked at before buying."""
    inside = _inside(machine)
    if inside:
        yield f"this is {inside}: cards go into its host, whose owner must agree"
    if limits.slots is None:
        yield "a free slot as wide as the card (--slots): no system tells of free slots"
    if limits.supply is None:
        yield "the power supply's watts (--supply 750W) and the connectors that the card asks for"
    if limits.length is None:
        yield "room for the card's length (--length, in mm)"


def _inside(machine: Machine) -> str:
    """Say what keeps the machine apart from the case that a card goes into; empty if nothing."""
    if machine.cpu.hypervisor:
        return f"a virtual machine ({machine.cpu.hypervisor})"
    held = machine.software.container
    return f"a container ({held})" if held not in {None, "", "none", "wsl2"} else ""


def boards(items: Iterable[Item], own: Part | None) -> Iterator[str]:
    """Say what decides whether a processor for the socket runs on the board."""
    for socket in list(dict.fromkeys(i.part.socket for i in items if i.part.socket)):
        yield (
            f"whether the board's maker lists the processor: its socket is {socket}, but the "
            "firmware decides"
        )
    if own is not None and own.socket:
        yield "another board is another machine: compare with mlinfra recommend --profile or --gpu"


def unread(machine: Machine, own: Part | None) -> Iterator[str]:
    """Say what is not looked at, for no system tells it."""
    if not machine.memory.modules and not machine.cpu.hypervisor and not closed_to_cards(machine):
        yield (
            "how many memory modules are in it, and in which slots (mlinfra probe, as root): "
            "a module in an empty channel costs least and speeds up whatever waits for memory"
        )
    if not (own and own.socket) and not closed_to_cards(machine):
        yield "which processors fit its socket, which is not known here"
