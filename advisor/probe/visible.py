"""What the variables that hide accelerators leave visible, read as their runtimes read them.

CUDA C++ Programming Guide, "CUDA Environment Variables"; MIG User Guide, "Device Enumeration"; AMD
ROCm, "GPU isolation techniques"; oneAPI Level Zero, "Affinity Mask". Where the guides are silent
(numbers with a tail, repeated entries) PyTorch's reading counts, as that is what will run.
"""

import re

import msgspec


class Slice(msgspec.Struct, frozen=True):
    """A MIG slice; ``place`` is its GPU instance and compute instance, ``3/0``."""

    id: str
    uuid: str | None = None
    place: str | None = None


class Card(msgspec.Struct, frozen=True):
    """A device that a variable may name; cards stand in the order of their runtime's indices."""

    id: str
    uuid: str | None = None
    name: str | None = None
    mig: bool = False
    slices: tuple[Slice, ...] = ()


class Shown(msgspec.Struct, frozen=True):
    """The ids left visible, in the runtime's order; ``unsure`` says why it could not be told."""

    ids: tuple[str, ...]
    unsure: str | None = None


_NUMBER = re.compile(r"\+?\d+")


def cuda(value: str | None, order: str | None, cards: tuple[Card, ...]) -> Shown:
    """Read CUDA_VISIBLE_DEVICES; ``order`` is CUDA_DEVICE_ORDER.

    By number CUDA counts the fastest device first unless told PCI_BUS_ID; among unequal devices
    only CUDA itself knows which that is. A process sees one MIG slice, the first.
    """
    if value is None:
        return Shown(tuple(i for card in cards for i in (card.id, *(s.id for s in card.slices))))
    chosen = _chosen(value, cards)
    counted = bool(chosen) and not value.strip().startswith(("GPU-", "MIG-"))
    same = len({card.name for card in cards}) <= 1
    if counted and order != "PCI_BUS_ID" and not same and len(chosen) < len(cards):
        return Shown((), "CUDA counts the fastest GPU first, and these are not alike")
    first = next((part for part in chosen if "/" in part), None)
    return Shown((first,) if first else tuple(chosen))


def _chosen(value: str, cards: tuple[Card, ...]) -> list[str]:
    """Return what the entries name, up to the first that names nothing; a repetition spoils all."""
    kind = next((k for k in ("GPU-", "MIG-") if value.strip().startswith(k)), "")
    chosen: list[str] = []
    for entry in value.split(","):
        found = _named(entry.strip(), kind, cards)
        if found is None:
            break
        if found in chosen:
            return []
        chosen.append(found)
    return chosen


def _named(entry: str, kind: str, cards: tuple[Card, ...]) -> str | None:
    if kind == "MIG-":
        return _slice(entry, cards)
    if kind == "GPU-":
        return _whole(_by_prefix(entry, cards) if entry.startswith(kind) else None)
    number = _NUMBER.match(entry)
    index = int(number[0][:9]) if number else len(cards)
    return _whole(cards[index] if index < len(cards) else None)


def _by_prefix(entry: str, cards: tuple[Card, ...]) -> Card | None:
    """Return the one card whose UUID starts so; two are as bad as none."""
    found = [card for card in cards if card.uuid and card.uuid.startswith(entry)]
    return found[0] if len(found) == 1 else None


def _whole(card: Card | None) -> str | None:
    """Return what a chosen card shows: itself, or in MIG mode its first slice."""
    if card is None or not card.mig:
        return card.id if card else None
    return card.slices[0].id if card.slices else None


def _slice(entry: str, cards: tuple[Card, ...]) -> str | None:
    """Find ``MIG-<uuid>``, or ``MIG-GPU-<uuid>/<GPU instance>/<compute instance>`` (until R460)."""
    parent, _, place = entry.removeprefix("MIG-").partition("/")
    for card in cards:
        for part in card.slices:
            old = bool(place) and card.uuid == parent and part.place == place
            if old or (part.uuid and entry.startswith("MIG-") and part.uuid == entry):
                return part.id
    return None


def rocm(rocr: str | None, hip: str | None, cards: tuple[Card, ...]) -> Shown:
    """Read ROCR_VISIBLE_DEVICES, and then HIP_VISIBLE_DEVICES, which counts what is left of it."""
    left = cards
    for value in (rocr, hip):
        if value is not None:
            by_id = {card.id: card for card in left}
            left = tuple(by_id[part] for part in _chosen(value, left) if part in by_id)
    return Shown(tuple(card.id for card in left))


def level_zero(mask: str | None, hierarchy: str | None, order: str | None,
               cards: tuple[Card, ...]) -> Shown:  # fmt: skip
    """Read ZE_AFFINITY_MASK (``0,1`` or with tiles ``0.1``).

    ``hierarchy`` is ZE_FLAT_DEVICE_HIERARCHY: unless it is COMPOSITE, each tile of a GPU counts.
    ``order`` is ZE_ENABLE_PCI_ID_DEVICE_ORDER: unless it is 1, discrete GPUs count first.
    """
    if mask is None:
        return Shown(tuple(card.id for card in cards))
    same = len({card.name for card in cards}) <= 1
    if not same and order != "1":
        return Shown((), "Level Zero counts discrete GPUs first, and these are not alike")
    if hierarchy != "COMPOSITE" and len(cards) > 1 and "Max" in (cards[0].name or ""):
        return Shown((), "Level Zero counts the tiles of each GPU")
    wanted = {int(n[0][:9]) for e in mask.split(",") if (n := _NUMBER.match(e.strip()))}
    return Shown(tuple(card.id for index, card in enumerate(cards) if index in wanted))
