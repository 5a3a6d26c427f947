"""Places that were not timed: GPUs never timed, several GPUs at once, and beyond the machine."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from advisor.alike import Piece, alike, pieces, room
from advisor.constants import Constants
from advisor.errors import AdvisorError
from advisor.estimate import FLAT, TIERS, Basis, Estimate
from advisor.machine import Device, Machine, State, gpus
from advisor.part import Catalogue, Part, resolve
from advisor.pipeline import kept as copies
from advisor.pipeline.edited import NOTHING, Own, place_of
from advisor.pipeline.published import part_of
from advisor.predict.elsewhere import chips
from advisor.predict.elsewhere.measured import reduced
from advisor.predict.elsewhere.opwise import Passed
from advisor.predict.elsewhere.planned import Foreign, estimates
from advisor.predict.elsewhere.silicon import Figures, silicon
from advisor.predict.feed import Supply, supply
from advisor.profile import Profile
from advisor.workload import Workload

# A place that was not timed is known to some tens of per cent: more batches tell nothing more.
_BATCHES = 4
# Of each tier, the newest that can be predicted.
_EACH = 2


class Around(msgspec.Struct, frozen=True):
    """What plans elsewhere are predicted with, and what ops were found to take on parts."""

    workload: Workload
    phases: tuple[str, ...]
    profile: Profile
    figures: Figures
    constants: Constants
    parts: Catalogue
    timed: dict[bytes, Passed] = {}


def around(
    workload: Workload,
    phases: Sequence[str],
    profile: Profile,
    constants: Constants,
    folders: Sequence[Path],
) -> Around:
    """Gather what predictions elsewhere rest on.

    Raises:
        AdvisorError: a file of the book cannot be read.
    """
    figures = copies.constants("elsewhere", folders).figures
    few = msgspec.structs.replace(workload, batches=_few(workload.batches))
    parts = copies.by_name(folders)
    return Around(few, tuple(phases), profile, figures, constants, parts)


def _few(batches: tuple[int, ...]) -> tuple[int, ...]:
    """Return the first, the last, and what lies between in even steps."""
    last = len(batches) - 1
    steps = min(_BATCHES - 1, last) or 1
    return tuple(dict.fromkeys(batches[round(i * last / steps)] for i in range(steps + 1)))


def _timed(profile: Profile, place: str) -> bool:
    return any(m.device == place and m.name == "matmul.peak" for m in profile.measurements)


def here(found: Sequence[Estimate], known: Around) -> tuple[Estimate, ...]:
    """Add plans on GPUs of this machine that were never timed, and on several alike at once.

    One GPU stands for all that are like it, and several at once for as many others.
    """
    usable = gpus(known.profile.machine, slices=False)
    names = {gpu.name for gpu in usable}
    lost = (gpu for gpu in broken(known.profile.machine) if gpu.name not in names)
    kinds = alike((*usable, *lost), known.profile)
    silent = [kind[0] for kind in kinds if not _timed(known.profile, kind[0].id)]
    made = [e for gpu in silent for e in _one(gpu, known)]
    told = {e.plan.place for e in made}
    kept = [e for e in found if e.plan.place not in told]
    if known.workload.trees:
        return (*kept, *made)  # one process fits trees on one GPU
    timed = [e for e in kept if e.throughput]
    own = [(kind, [e for e in timed if e.plan.place == kind[0].id]) for kind in kinds]
    groups = [e for same in pieces(known.profile) for e in _together(same[0], own, known)]
    return (*kept, *made, *groups)


def broken(machine: Machine) -> tuple[Device, ...]:
    """Return the GPUs that are there and do not work: what they would do, once mended, is told."""
    return tuple(
        d for d in machine.devices if d.state is State.BROKEN and d.id.startswith("gpu") and d.name
    )


def _one(gpu: Device, known: Around) -> tuple[Estimate, ...]:
    part = part_of(known.profile.machine, gpu.id, known.parts)
    if part is None:
        return ()
    return plans(part, Site(gpu.id, room=gpu.memory_free_bytes or gpu.memory_bytes), known)


def _together(
    group: Piece, each: Sequence[tuple[Piece, Sequence[Estimate]]], known: Around
) -> tuple[Estimate, ...]:
    """Predict several GPUs from plans on ``each`` kind of them; they wait for the slowest."""
    part = part_of(known.profile.machine, group[0].id, known.parts)
    if part is None:
        return ()
    mine = {gpu.id for gpu in group}
    theirs = [tuple(own) for kind, own in each if own and mine & {gpu.id for gpu in kind}]
    timed = min(theirs, key=lambda own: own[0].rate, default=())
    own = Own(timed, silicon(part, known.figures)) if timed else NOTHING
    place = place_of([gpu.id for gpu in group])
    site = Site(place, len(group), room(group) or None, own, reduced=reduced(known.profile, mine))
    return plans(part, site, _like(timed, known))


def _like(timed: Sequence[Estimate], known: Around) -> Around:
    """Ask of several GPUs the batches that one of them does best with, the least and the largest.

    A model that is split over them is served in other batches than on one.
    """
    if not timed or known.workload.llm:
        return known
    phases = {e.plan.phase for e in timed}
    best = {_enough([e for e in timed if e.plan.phase == phase]) for phase in phases}
    batches = sorted({known.workload.batches[0], known.workload.batches[-1], *best})
    few = msgspec.structs.replace(known.workload, batches=tuple(batches))
    return msgspec.structs.replace(known, workload=few)


def _enough(plans: Sequence[Estimate]) -> int:
    """Return the smallest batch that is nearly as fast as the best, in its precision."""
    best = max(plans, key=lambda e: e.rate)
    same = [e for e in plans if e.plan.precision == best.plan.precision]
    return min(e.plan.batch for e in same if FLAT * e.rate >= best.rate)


class Site(msgspec.Struct, frozen=True):
    """A place made of so many of a part; ``name`` is the part's where the place lies beyond.

    ``dtype`` is the one precision to be predicted; none is all of them. ``reduced`` is what an
    all-reduce over them was measured to reach.
    """

    place: str
    count: int = 1
    room: float | None = None
    own: Own = NOTHING
    name: str = ""
    dtype: str = ""
    reduced: Basis | None = None


def plans(part: Part, site: Site, known: Around) -> tuple[Estimate, ...]:
    """Predict plans on a part; nothing where its rates are not published."""
    try:
        device = silicon(part, known.figures, site.count if part.kind == "cpu" else 1)
    except AdvisorError:
        return ()
    foreign = Foreign(
        place=site.place,
        device=msgspec.structs.replace(device, reduced=site.reduced),
        count=1 if device.host else site.count,
        name=site.name,
        dtype=site.dtype,
        memory=site.room,
        supply=Supply() if site.name else supply(known.profile, site.place.partition("+")[0]),
        own=site.own.estimates,
        mine=site.own.silicon,
        timed=known.timed,
    )
    kind = "cpu" if device.host else "gpu"
    return estimates(known.workload, known.phases, foreign, known.figures, known.constants[kind])


def beyond(known: Around) -> tuple[Estimate, ...]:
    """Predict on the newest parts of each tier beyond this machine, each on its best plan."""
    kept = {part.name: part for parts in known.parts.values() for part in parts}
    found: list[Estimate] = []
    for tier in TIERS:
        mine = sorted(
            (p for p in kept.values() if p.kind == tier), key=lambda p: p.launch or "", reverse=True
        )
        made = [_best(part, tier, known) for part in mine]
        found += [e for some in [m for m in made if m][:_EACH] for e in some]
    return tuple(found)


def _best(part: Part, tier: str, known: Around) -> list[Estimate]:
    """Return the best plan of each phase on a part, or on what it holds."""
    held, count = part, part.count
    if part.holds:
        try:
            held = resolve(known.parts, part.holds).part
        except AdvisorError:
            return []
        held = msgspec.structs.replace(held, link=part.link or held.link)
    listed = plans(held, Site(tier, count, name=part.name), known)
    if not listed:
        named = msgspec.structs.replace(held, name=part.name)
        listed = chips.estimates(known.workload, tier, named)
    watts = part.power or (held.power and held.power * count)
    return [e for phase in known.phases for e in _first(listed, phase, watts)]


def _first(listed: Iterable[Estimate], phase: str, watts: float | None) -> list[Estimate]:
    found = next((e for e in listed if e.plan.phase == phase), None)
    if found is None:
        return []
    service = msgspec.structs.replace(found.service, power_watts=watts)
    return [msgspec.structs.replace(found, service=service)]
