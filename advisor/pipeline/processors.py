"""Processors that fit the socket of the one that is there, and are worth a look."""

from collections.abc import Iterable

from advisor.machine import Machine
from advisor.part import Part
from advisor.purchase import Item

# So much more arithmetic at least, and so many of them: the fastest, with unlike core counts.
_MORE, _MOST = 1.15, 3


def swaps(machine: Machine, own: Part | None, parts: Iterable[Part]) -> list[Item]:
    """List processors for the same socket with surely more arithmetic, one for each socket.

    Nothing where the socket is not known, or where a hypervisor stands between.
    """
    if own is None or not own.socket or machine.cpu.hypervisor:
        return []
    mine = own.peaks.get("fp32", 0.0)
    fitting = [
        part
        for part in parts
        if part.kind == "cpu" and part.socket == own.socket and part.name != own.name
        and part.peaks.get("fp32", 0.0) > _MORE * mine
    ]  # fmt: skip
    best: dict[int | None, Part] = {}
    for part in sorted(fitting, key=lambda part: -part.peaks["fp32"]):
        best.setdefault(part.cores, part)
    return [Item(part, machine.cpu.sockets or 1) for part in list(best.values())[:_MOST]]
