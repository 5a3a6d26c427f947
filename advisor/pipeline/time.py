"""Time this machine, and keep every number the moment it stands."""

from collections.abc import Callable
from typing import Self

import msgspec

from advisor import __version__, probe, runs, store
from advisor import bench as room
from advisor.errors import AdvisorError
from advisor.machine import Machine
from advisor.measurement import HEADLINES, Measurement, same
from advisor.pipeline.look import Look, attached, host, now, see, stored
from advisor.pipeline.saved import read_profile
from advisor.profile import Profile

# What `recommend` times where nothing is stored: what predictions rest on, and no disk.
SHORT = ("matmul", "memory", "conv", "ops", "launch")


class Keeper:
    """Keeps measurements in the store; where that cannot be written, says so once and goes on."""

    def __init__(self, key: str, say: Callable[[str], None]) -> None:
        """Keep under a key, and say what goes wrong."""
        self._key = key
        self._say = say
        self._works = True
        self._stored: set[tuple[str, ...]] = set()
        self.kept: list[Measurement] = []

    def __enter__(self) -> Self:
        """Begin to keep."""
        return self

    def __exit__(self, _kind: object, ended: BaseException | None, _trace: object) -> None:
        """Note on whatever ends the work early how many figures are kept."""
        if ended is not None:
            s = "" if len(self._stored) == 1 else "s"
            ended.add_note(f"{len(self._stored)} figure{s} kept")

    def __call__(self, measurement: Measurement) -> None:
        """Keep one measurement."""
        self.kept.append(measurement)
        if not self._works:
            return
        try:
            store.keep(self._key, [measurement])
            self._stored.add(same(measurement))
        except AdvisorError as error:
            self._works = False
            self._say(f"{error} (this run's figures are printed, not kept)")

    def run(self, profile: Profile) -> None:
        """Keep the whole run beside its figures, for `diff`."""
        if not (self._works and self.kept):
            return
        try:
            runs.keep(host(), profile)
        except AdvisorError as error:
            self._say(str(error))


def bench(  # noqa: PLR0913 - each is a choice of the caller's
    options: Look,
    seconds: float,
    names: tuple[str, ...] | None,
    report: Callable[[room.Progress], None],
    *,
    thorough: bool = False,
    busy_too: bool = False,
) -> Profile:
    """Time this machine and return its profile with all that is known of its speed.

    Raises:
        AdvisorError: there is no benchmark of that name.
    """
    machine, key = see(options)
    with Keeper(key, options.say) as keeper:
        outcome = room.run(
            machine,
            names=names,
            seconds=seconds,
            clock=room.SystemClock(),
            report=report,
            keep=keeper,
            thorough=thorough,
            busy_too=busy_too,
            look=probe.devices,
            earlier=earlier(key, machine),
        )
    before, gaps = attached(stored(key, options), machine)
    merged = {same(m): m for m in (*before, *keeper.kept)}
    machine = msgspec.structs.replace(machine, gaps=(*machine.gaps, *gaps, *outcome.gaps))
    profile = Profile(
        tool=__version__, taken=now(), machine=machine, measurements=tuple(merged.values())
    )
    keeper.run(profile)
    return profile


def earlier(key: str, machine: Machine) -> tuple[Measurement, ...]:
    """Return the headline figures of the runs kept of this very hardware and software.

    The latest come first, and each once: a run carries on what it did not time again.
    """
    identity, found = host(), dict[tuple[str | None, ...], Measurement]()
    for path in reversed(runs.kept(identity)):
        try:
            profile = read_profile(path)
        except AdvisorError:
            continue  # it was damaged, or let go of meanwhile
        if store.key(identity, profile.machine) == key:
            measured, _ = attached(profile.measurements, machine)
            for one in measured:
                if one.name in HEADLINES:
                    found.setdefault((*same(one), one.taken), one)
    return tuple(found.values())


def benchmarks() -> tuple[tuple[str, str], ...]:
    """List what can be timed, each with its title."""
    return tuple((listed.name, listed.title) for listed in room.catalogue())
