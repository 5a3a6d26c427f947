"""Boards whose two dies are PCI devices of their own: AMD Instinct MI250 and MI250X."""

from msgspec.structs import replace

from advisor.machine import Device, State
from advisor.probe import kfd, pci
from advisor.probe.source import Source

# pci.ids 1002:7408 (MI250X), 1002:740c (MI250X, MI250); 740f is the MI210, which has one die.
TWO_DIES = frozenset({0x7408, 0x740C})


def boards(
    source: Source, cards: list[pci.Function], nodes: tuple[kfd.Node, ...]
) -> list[list[pci.Function]]:
    """Group cards into boards, in PCI order.

    The dies of a board have more xGMI links between them than with any other (AMD, "CDNA 2 White
    Paper": four of 50 GB/s, one or two to others). Where no rate is told, and every die could have
    its twin, neighbours in PCI order are taken for one board.
    """
    dies = [card for card in cards if card.device in TWO_DIES]
    twins = _by_links(source, dies, nodes) or _by_order(dies)
    found: list[list[pci.Function]] = []
    for card in cards:
        twin = twins.get(card.address)
        if twin is None:
            found.append([card])
        elif card.address < twin.address:
            found.append([card, twin])
    return found


def _by_links(
    source: Source, dies: list[pci.Function], nodes: tuple[kfd.Node, ...]
) -> dict[str, pci.Function]:
    """Return each die's twin: the one that it is linked to fastest, and that says so of it."""
    by_card = {card.address.rpartition(".")[0]: card for card in dies}
    by_node = {n.number: by_card[n.card] for n in nodes if n.card in by_card}
    nearest: dict[str, pci.Function] = {}
    for node in nodes:
        rates = {
            link.other: link.bytes_per_second
            for link in kfd.xgmi(source, node)
            if link.bytes_per_second and link.other in by_node
        }
        best = [other for other, rate in rates.items() if rate == max(rates.values())]
        if node.number in by_node and len(best) == 1:
            nearest[by_node[node.number].address] = by_node[best[0]]
    return {a: t for a, t in nearest.items() if (n := nearest.get(t.address)) and n.address == a}


def _by_order(dies: list[pci.Function]) -> dict[str, pci.Function]:
    if len(dies) % 2:
        return {}
    pairs = zip(dies[::2], dies[1::2], strict=True)
    return {one.address: other for pair in pairs for one, other in (pair, pair[::-1])}


def joined(number: int, dies: list[Device]) -> list[Device]:
    """Return a board and its dies, which programs use one by one."""
    board = f"gpu:{number}"
    there = any(die.state is State.PRESENT for die in dies)
    whole = replace(
        dies[0],
        id=board,
        uuid=None,
        memory_bytes=_sum([die.memory_bytes for die in dies]),
        memory_free_bytes=_sum([die.memory_free_bytes for die in dies]),
        compute_units=_sum([die.compute_units for die in dies]),
    )
    if there:
        why = f"it has {len(dies)} dies, which programs see as GPUs of their own"
        whole = replace(whole, state=State.HIDDEN, why=why, remedy="use a die")
    return [whole, *(replace(d, id=f"{board}/part:{n}") for n, d in enumerate(dies))]


def _sum(values: list[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if len(known) == len(values) else None
