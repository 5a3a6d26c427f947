"""Hardware that one could buy, rent or aim at: figures with their sources, and names that resolve.

A shelf is one file of ``rules/parts``: a maker, a default source and date, and parts. Figures are
in base units; one that is not published is None, never 0. Peaks are dense and, unless the key ends
in ``_acc16``, accumulate in fp32 (int8: in int32).
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Annotated, Literal

import msgspec

from advisor.errors import AdvisorError

Bytes = Annotated[float, msgspec.Meta(extra={"unit": "bytes"})]
BytesPerSecond = Annotated[float, msgspec.Meta(extra={"unit": "bytes/s"})]
FlopPerSecond = Annotated[float, msgspec.Meta(extra={"unit": "FLOP/s"})]
OpPerSecond = Annotated[float, msgspec.Meta(extra={"unit": "OP/s"})]
Hertz = Annotated[float, msgspec.Meta(extra={"unit": "Hz"})]
Watts = Annotated[float, msgspec.Meta(extra={"unit": "W"})]
Share = Annotated[float, msgspec.Meta(extra={"unit": "%"})]
Transfers = Annotated[float, msgspec.Meta(extra={"unit": "T/s"})]
Dollars = Annotated[float, msgspec.Meta(extra={"unit": "USD"})]

Kind = Literal[
    "gpu", "accelerator", "npu", "cpu", "memory", "disk",
    "server", "cloud", "phone", "browser", "edge", "vehicle", "iot", "asic",
]  # fmt: skip
# How a part is joined to a machine: a card, a module on a board of its own kind, or for ever.
Form = Literal[
    "pcie", "mxm", "sxm", "oam", "soldered", "socket", "udimm", "rdimm", "sodimm", "m.2", "u.2",
    "sata",
]  # fmt: skip


class Source(msgspec.Struct, frozen=True):
    """Where a figure is published, the day it was looked up, and how it was had from there."""

    source: str
    date: str
    note: str = ""


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One part, cloud instance or target; ``names`` are what drivers and kernels print for it.

    ``peaks`` and ``attained`` (the share of the peak that a large matmul reaches) are by dtype.
    ``link`` is NVLink or xGMI of one device, both directions added; ``pcie`` a generation.
    ``units`` are SMs, compute units or Xe cores; ``dies`` how many devices a process sees in one
    board, whose figures here are of ONE die. ``holds`` names the accelerator inside a machine.
    ``channels`` of memory run at ``transfers`` each; processors of one ``socket`` fit boards for
    it, as far as the firmware knows them. A card needs ``slots`` slots' room, ``lanes``
    of PCIe, ``length_mm`` and the ``connectors`` of a power supply of ``supply`` or more.
    ``sources`` overrides the default per figure (``price``, ``peaks.fp16``).
    """

    name: str
    kind: Kind
    names: tuple[str, ...] = ()
    vendor: str = ""
    grade: str = ""
    architecture: str | None = None
    launch: str | None = None
    units: int | None = None
    dies: int = 1
    cores: int | None = None
    threads: int | None = None
    efficiency_cores: int | None = None
    base: Hertz | None = None
    boost: Hertz | None = None
    memory: Bytes | None = None
    bandwidth: BytesPerSecond | None = None
    cache: Bytes | None = None
    channels: int | None = None
    transfers: Transfers | None = None
    peaks: dict[str, FlopPerSecond | OpPerSecond] = msgspec.field(default_factory=dict)
    attained: dict[str, Share] = msgspec.field(default_factory=dict)
    isa: tuple[str, ...] = ()
    power: Watts | None = None
    pcie: float | None = None
    lanes: int | None = None
    form: Form | None = None
    socket: str | None = None
    slots: float | None = None
    length_mm: float | None = None
    connectors: str | None = None
    supply: Watts | None = None
    link: BytesPerSecond | None = None
    price: Dollars | None = None
    hourly: Dollars | None = None
    holds: str | None = None
    count: int = 1
    note: str = ""
    source: str = ""
    date: str = ""
    sources: dict[str, Source] = msgspec.field(default_factory=dict)


class Shelf(msgspec.Struct, frozen=True, kw_only=True):
    """One file of parts, with what is the same for all of them.

    ``architectures`` says where the peaks of each architecture come from, and by which formula.
    """

    vendor: str
    source: str
    date: str
    parts: tuple[Part, ...]
    architectures: dict[str, Source] = msgspec.field(default_factory=dict)


class PartList(msgspec.Struct, frozen=True, kw_only=True):
    """The answer of `parts`: ``compared`` says that they are to be laid side by side."""

    schema: str = "mlinfra/parts/1"
    tool: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...] = ()
    compared: bool = False


class Found(msgspec.Struct, frozen=True):
    """The part that a name means; ``note`` says so where the name alone left a choice."""

    part: Part
    note: str = ""


def stocked(shelf: Shelf) -> tuple[Part, ...]:
    """Return a shelf's parts with its maker, sources and date where they name none of their own."""
    return tuple(
        msgspec.structs.replace(
            part,
            vendor=part.vendor or shelf.vendor,
            source=part.source or shelf.source,
            date=part.date or shelf.date,
            sources=_peaks(part, shelf) | part.sources,
        )
        for part in shelf.parts
    )


def _peaks(part: Part, shelf: Shelf) -> dict[str, Source]:
    source = shelf.architectures.get(part.architecture or "")
    return {"peaks": source} if source else {}


def source_of(part: Part, figure: str) -> Source:
    """Return where a figure comes from: its own source, its group's, else the part's."""
    own = part.sources.get(figure) or part.sources.get(figure.partition(".")[0])
    return own or Source(part.source, part.date)


def plain(name: str) -> str:
    """Collapse spaces and case."""
    return " ".join(name.split()).casefold()


# What one driver prints and another leaves out, and what never tells two parts apart.
_MARKS = re.compile(r"\((?:r|tm|c)\)|[®™©]")
_BEFORE = re.compile(
    r"^(?:\d+th gen )?(?:nvidia |amd |intel )?(?:geforce (?=[rg]tx )|radeon (?=rx ))?"
)
_AFTER = re.compile(
    r"(?: cpu)?(?: @ [\d.]+ ?ghz)?$"
    r"| (?:(?:(?:quad|six|eight|\d+)-core )?processor|\d+-cores|with radeon .*|w/ radeon .*)$"
)
_MIDDLE = re.compile(r"(?<=xeon) cpu(?= e\d| d-| e-)")


def key(name: str) -> str:
    """Reduce a name to what tells its part from others.

    ``Intel(R) Core(TM) i7-6700K CPU @ 4.00GHz`` and ``Core i7-6700K``, ``AMD Ryzen 7 5800H with
    Radeon Graphics`` and ``Ryzen 7 5800H``, ``NVIDIA L4`` and ``L4`` are the same part.
    """
    bare = plain(_MARKS.sub("", plain(name)))
    return _MIDDLE.sub("", _AFTER.sub("", _BEFORE.sub("", bare), count=1))


Catalogue = Mapping[str, tuple[Part, ...]]


def index(parts: Iterable[Part]) -> Catalogue:
    """Index parts by every name they answer to; a later part replaces one of the same ``name``."""
    kept = {plain(part.name): part for part in parts}
    table: dict[str, tuple[Part, ...]] = {}
    for part in kept.values():
        for name in dict.fromkeys(key(name) for name in (part.name, *part.names)):
            table[name] = (*table.get(name, ()), part)
    return table


# Drivers report a few per cent less than the marketed size (ECC, firmware).
_MEMORY_SLACK = 0.12


def resolve(catalogue: Catalogue, name: str, memory: float | None = None) -> Found:
    """Return the part of this name; several are told apart by memory, else the first launched.

    Kernels name the core of an Arm CPU, not the chip: there too the first launched is taken.

    Raises:
        AdvisorError: no part has this name (the nearest names are given), or several that differ
            in more than their memory do and are no CPUs.
    """
    parts = catalogue.get(key(name), ())
    if not parts:
        raise _unknown(catalogue, name)
    if len(parts) == 1:
        return Found(parts[0])
    fitting = [part for part in parts if memory and _fits(part, memory)]
    if len(fitting) == 1:
        return Found(fitting[0], f"{fitting[0].name}, told by its memory")
    cores = all(part.kind == "cpu" for part in parts)
    if len({part.memory for part in parts}) < len(parts) and not cores:
        listed = ", ".join(part.name for part in parts)
        raise AdvisorError(f"find the part {name!r}", f"several differ: {listed}", remedy="name it")
    first = min(parts, key=lambda part: part.launch or "9999")
    others = ", ".join(part.name for part in parts if part is not first)
    return Found(first, f"taken for {first.name}, launched first; could be {others}")


def _fits(part: Part, memory: float) -> bool:
    return part.memory is not None and abs(memory / part.memory - 1) <= _MEMORY_SLACK


def _unknown(catalogue: Catalogue, name: str) -> AdvisorError:
    near = _longer(catalogue, name) or get_close_matches(key(name), catalogue, n=3, cutoff=0.5)
    listed = ", ".join(dict.fromkeys(catalogue[one][0].name for one in near))
    remedy = f"nearest: {listed}" if near else "mlinfra parts list names them all"
    return AdvisorError(f"find the part {name!r}", "no part has this name", remedy=remedy)


_WORDS = re.compile(r"[a-z]+\d+[a-z]*|\d+[a-z]*|[a-z]+")


def _longer(catalogue: Catalogue, name: str) -> list[str]:
    """Return names that say all of this one and more: `H100` is the beginning of several."""
    words = set(_WORDS.findall(key(name)))
    found = [one for one in catalogue if words and words <= set(_WORDS.findall(one))]
    return sorted(found, key=len)[:4]
