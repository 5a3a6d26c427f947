"""Which machines take cards at all, and which take only cards that were made for servers."""

from advisor.machine import Machine, State
from advisor.part import Part

# Words in the names of the boards whose GPU, memory and power are one with the board.
_SOLDERED = ("jetson", "dgx spark", "raspberry")
# Of cards, those whose makers sell them for servers, or for workstations whose cases are alike.
_SERVED = {"datacenter", "workstation"}


def closed_to_cards(machine: Machine) -> str:
    """Say why no card can be put into a machine; empty where one may."""
    product = (machine.product or "").casefold()
    if machine.power.battery is not None:
        return "it runs on a battery: laptops take no cards"
    if (machine.cpu.vendor or "").startswith("Apple") or any(w in product for w in _SOLDERED):
        return "GPU and memory are one with its board"
    devices = [d for d in machine.devices if d.state is State.PRESENT and d.unified_memory]
    if devices and machine.cpu.architecture == "aarch64":
        return "GPU and memory are one with its board"
    return ""


def is_server(machine: Machine, cpu: Part | None) -> bool:
    """Whether it is a server: a processor made for one, or several of them."""
    return (machine.cpu.sockets or 1) > 1 or (cpu is not None and cpu.grade == "server")


def out_of_place(part: Part) -> str:
    """Say why a card does not belong into a server; empty where it does."""
    if part.kind != "gpu" or part.grade in _SERVED:
        return ""
    return (
        "a desktop's card: servers seldom have its height, power leads and airflow "
        "(--slots, --supply and --length say that this one has)"
    )
