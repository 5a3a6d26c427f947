"""The state of things as facts: who is there to be spoken of, and what is known of each."""

from collections.abc import Mapping

import msgspec

from advisor.constraint import Constraints
from advisor.estimate import Estimate
from advisor.fact import Fact, Facts, Subject, SubjectSet
from advisor.machine import Device, Gap, State
from advisor.part import Part
from advisor.profile import Profile
from advisor.purchase import Purchase
from advisor.vocabulary import (
    attained,
    constraint,
    device,
    foreseen,
    gains,
    host,
    link,
    measured,
    part,
    plan,
    published,
    service,
    setup,
)
from advisor.vocabulary.rivals import Listed
from advisor.workload import Workload


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    """All that facts are stated of; ``ratio`` compares two estimates, shared errors cancelled.

    ``parts`` are what the catalogue publishes of the GPUs, by device; None where it was not read.
    ``purchases`` are what an upgrade considers.
    """

    profile: Profile
    workload: Workload | None = None
    estimates: tuple[Estimate, ...] = ()
    ratio: plan.Ratio | None = None
    parts: Mapping[str, Part] | None = None
    constraints: Constraints = Constraints()
    purchases: tuple[Purchase, ...] = ()


def state(situation: Situation) -> Facts:
    """State all facts, by the sets that ``for:`` names."""
    profile = situation.profile
    machine = profile.machine
    gaps = {gap.what: gap for gap in machine.gaps}
    timed = measured.facts(measured.CPU, "cpu", profile.measurements)
    shared = host.facts(machine) | setup.facts(machine) | timed | measured.gains("cpu", timed)
    shared |= attained.host_facts(machine, timed)
    shared |= constraint.facts(situation.constraints)
    if situation.workload:
        shared |= plan.workload_facts(situation.workload)
    gpus = {d.id: _gpu(d, situation, gaps) for d in machine.devices if d.state is State.PRESENT}
    disks = [(d.id, host.disk_facts(d, gaps) | _timed_disk(d.id, profile)) for d in machine.disks]
    links = [(k.id, link.facts(k, gaps)) for k in machine.links]
    devices = [(d.id, device.facts(d, device.DEVICE, gaps)) for d in machine.devices]
    return Facts(
        {
            "machine": SubjectSet((Subject("machine", shared),)),
            "device": _set(shared, devices, machine.devices_unseen),
            "gpu": _set(shared, list(gpus.items()), _unseen(profile)),
            "link": _set(shared, links, _unseen(profile)),
            "disk": _set(shared, disks, _unseen_disks(gaps)),
            "plan": _set(shared, _plans(situation, gpus), None),
            "part": _set(shared, [(str(p), part.facts(p)) for p in situation.purchases], None),
        }
    )


def _set(
    shared: dict[str, Fact], members: list[tuple[str, dict[str, Fact]]], unseen: str | None
) -> SubjectSet:
    return SubjectSet(tuple(Subject(name, shared | own) for name, own in members), unseen)


def _gpu(found: Device, situation: Situation, gaps: Mapping[str, Gap]) -> dict[str, Fact]:
    own = device.facts(found, device.GPU, gaps)
    timed = measured.facts(measured.GPU, found.id, situation.profile.measurements)
    beside = published.facts(found, timed, situation.parts)
    links = attained.link_facts(found, situation.profile.machine, timed)
    told = foreseen.facts(found, situation.estimates, situation.profile.machine.devices)
    return own | timed | measured.gains("gpu", timed) | beside | links | told


def _timed_disk(name: str, profile: Profile) -> dict[str, Fact]:
    return measured.facts(measured.DISK, name, profile.measurements)


def _unseen(profile: Profile) -> str | None:
    """Say why there may be GPUs that are not among the members."""
    lost = [d for d in profile.machine.devices if d.state in {State.BROKEN, State.UNKNOWN}]
    words = [f"{d.id} is {d.state}: {d.why or 'no reason known'}" for d in lost]
    return "; ".join([*words, *filter(None, [profile.machine.devices_unseen])]) or None


def _unseen_disks(gaps: Mapping[str, Gap]) -> str | None:
    gap = gaps.get("disks")
    return gap.why if gap else None


def _plans(
    situation: Situation, gpus: Mapping[str, dict[str, Fact]]
) -> list[tuple[str, dict[str, Fact]]]:
    if situation.ratio is None:
        return []
    listed, ratio = Listed(situation.estimates), situation.ratio
    states = {d.id: d.state for d in situation.profile.machine.devices}
    return [
        (
            one.plan.id,
            gpus.get(_first(one.plan.place), {})
            | plan.plan_facts(one, listed, ratio)
            | gains.facts(_beside(one, listed, ratio), plan.why(one))
            | service.facts(one)
            | foreseen.plan_facts(one, states),
        )
        for one in situation.estimates
    ]


def _first(place: str) -> str:
    """Name the device that speaks for a place: of several alike, and of offloading, the first."""
    return place.partition("+")[0].replace("offload:", "gpu:")


def _beside(one: Estimate, listed: Listed, ratio: plan.Ratio) -> gains.Beside:
    phase = one.plan.phase
    return gains.Beside(
        one, listed.on_cpu(phase), listed.on_gpu(phase), listed.smallest(one), ratio
    )
