"""A policy written from a machine's own measurements, for this hardware and software."""

import json
from collections.abc import Sequence

import msgspec

from advisor import __version__
from advisor.errors import AdvisorError, Exit
from advisor.fact import Fact, Origin
from advisor.judge.record import Limit, Runs, limits
from advisor.machine import Machine
from advisor.measurement import Quality
from advisor.profile import Profile
from advisor.rule import Recorded
from advisor.units import digits, show
from advisor.vocabulary import Situation, declared, state

FEWEST_RUNS = 3
# Least spread that is believed, as a share: runs in a row agree better than runs of other days. It
# is half of the half width that the bench claims at least for one run (95 % is two deviations).
FLOOR = 0.015
FLOORS = {"disk.read": 0.05, "gpu.launch_latency": 0.025}
# A limit that lets a third of the speed go unseen is no gate.
MOST_VISIBLE = 0.33

Key = tuple[str, str]  # the subject's sort, the fact


def policy(profiles: Sequence[Profile], name: str) -> str:
    """Write a policy file from runs on one machine, one profile a run.

    A metric rests on the runs in which it was valid; one that was disturbed in most is left out.

    Raises:
        AdvisorError: there are too few runs, nothing was timed anew in enough of them, or it is too
            noisy.
    """
    enough(len(profiles))
    runs = _runs(profiles)
    if not runs:
        wrong = f"nothing was timed undisturbed in {FEWEST_RUNS} runs or more"
        raise _refused(wrong, "quieten the machine, and see `mlinfra bench`")
    found = dict(zip(runs, limits(list(runs.values())), strict=True))
    seen = {key: limit for key, limit in found.items() if limit.visible <= MOST_VISIBLE}
    if not seen:
        best = min(found.values(), key=lambda limit: limit.visible)
        raise _refused(_noise(best), "quieten the machine, or use more --runs", Exit.INCONCLUSIVE)
    blind = {key: limit for key, limit in found.items() if key not in seen}
    last = profiles[-1]
    head = _head(name, len(profiles), last, seen, blind)
    return "\n".join([*head, *(_rule(key, runs[key], limit) for key, limit in seen.items())]) + "\n"


def enough(runs: int) -> None:
    """Refuse so few runs that they tell nothing; whoever makes them asks this first.

    Raises:
        AdvisorError: there are too few.
    """
    if runs < FEWEST_RUNS:
        wrong = f"{runs} runs tell too little of the noise"
        raise _refused(wrong, f"use --runs {FEWEST_RUNS} or more", Exit.USAGE)


def keyed(machine: Machine, runs: int, taken: str) -> Recorded:
    """Name the hardware and software that limits are true of, limits of a process left out."""
    gib = (machine.memory.total_bytes or 0) / 2**30
    devices = sorted(device.name or device.pci_id or device.id for device in machine.devices)
    parts = [machine.cpu.model, f"{machine.cpu.threads_online} threads", f"{gib:.0f} GiB"]
    told = {"kernel": machine.software.kernel, "driver": machine.software.driver,
            "torch": machine.software.torch}  # fmt: skip
    software = [f"{what} {version}" for what, version in told.items() if version]
    return Recorded(
        hardware=", ".join(filter(None, [*parts, *devices])),
        software=", ".join(software),
        runs=runs,
        taken=taken,
    )


def changed(recorded: Recorded, machine: Machine) -> str:
    """Say why recorded limits do not speak of this machine; empty where they do."""
    here = keyed(machine, recorded.runs, recorded.taken)
    for what in ("hardware", "software"):
        old, new = getattr(recorded, what), getattr(here, what)
        if old != new:
            return f"The {what} is not what the limits were recorded on: {old} then, {new} now."
    return ""


def _runs(profiles: Sequence[Profile]) -> dict[Key, Runs]:
    """Gather what was timed anew in enough runs; of several GPUs alike, the slowest of each run."""
    told = [_measured(_undisturbed(profile)) for profile in profiles]
    found: dict[Key, Runs] = {}
    for key in dict.fromkeys(key for run in told for key in run):
        values = [run[key] for run in told if key in run]
        if len(values) >= FEWEST_RUNS and len(set(values)) > 1:
            rate = declared()[key[1]].unit != "s"
            worst = tuple((min if rate else max)(each) for each in values)
            found[key] = Runs(worst, rate, FLOORS.get(key[1], FLOOR))
    return found


def _undisturbed(profile: Profile) -> Profile:
    valid = tuple(m for m in profile.measurements if m.quality is Quality.VALID)
    return msgspec.structs.replace(profile, measurements=valid)


def _measured(profile: Profile) -> dict[Key, tuple[float, ...]]:
    found: dict[Key, tuple[float, ...]] = {}
    for sort, subjects in state(Situation(profile=profile)).sets.items():
        for subject in subjects.members:
            for fact in subject.facts.values():
                own = declared()[fact.name].subject == sort
                if own and _timed(fact):
                    found[sort, fact.name] = (*found.get((sort, fact.name), ()), fact.value)  # type: ignore[arg-type]  # a number, as _timed says
    return found


def _timed(fact: Fact) -> bool:
    number = isinstance(fact.value, float) and fact.value > 0
    derived = fact.name.endswith("_gain") or "_share" in fact.name
    return number and fact.origin is Origin.MEASURED and not derived


def _head(
    name: str,
    runs: int,
    profile: Profile,
    seen: dict[Key, Limit],
    blind: dict[Key, Limit],
) -> list[str]:
    key = keyed(profile.machine, runs, profile.taken)
    losses = [limit.visible for limit in seen.values()]
    return [
        f"# Written by mlinfra {__version__} from {runs} runs; edit it as you like.",
        f"# The smallest loss it can see is {_share(min(losses))} to {_share(max(losses))};",
        "# a healthy machine fails it in about one check of a hundred.",
        *(f"# Left out: {fact}, {_noise(limit)}" for (_, fact), limit in blind.items()),
        f"policy: {json.dumps(name)}",
        f"title: {json.dumps(f'Limits recorded by {runs} runs')}",
        "recorded:",
        f"  hardware: {json.dumps(key.hardware)}",
        f"  software: {json.dumps(key.software)}",
        f"  runs: {runs}",
        f"  taken: {json.dumps(key.taken)}",
        "rules:",
    ]


def _rule(key: Key, runs: Runs, limit: Limit) -> str:
    sort, fact = key
    unit = declared()[fact].unit
    low, high = show(min(runs.values), unit, 4), show(max(runs.values), unit, 4)
    story = (
        f"It is {{{fact}}}; {len(runs.values)} healthy runs gave {low} to {high}, with a noise of "
        f"{_share(limit.noise)}, so that a loss of {_share(limit.visible)} is seen."
    )
    sign = ">=" if runs.higher_is_better else "<="
    return "\n".join([
        f"  - id: recorded-{fact.replace('.', '-').replace('_', '-')}",
        f"    title: {json.dumps(f'{fact} is what was recorded')}",
        f"    for: {sort}",
        f"    when: {fact} {sign} {show(limit.value, unit, 4)}",
        "    effect: require",
        "    severity: error",
        f"    because: {json.dumps(story)}",
    ])  # fmt: skip


def _share(share: float) -> str:
    return f"{digits(100 * share, 2)} %"


def _noise(limit: Limit) -> str:
    return f"noise {_share(limit.noise)}: only losses over {_share(limit.visible)} can be seen"


def _refused(wrong: str, remedy: str, code: Exit = Exit.BROKEN) -> AdvisorError:
    return AdvisorError("record limits", wrong, remedy=remedy, code=code)
