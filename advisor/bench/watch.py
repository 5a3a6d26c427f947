"""Looks at what disturbs a measurement: other processes, steal time, throttling, battery."""

import os
from pathlib import Path
from time import process_time

import msgspec

from advisor.bench.cards import Cards
from advisor.bench.clock import Clock

# /proc/stat counts in USER_HZ ticks, 100 a second on every Linux architecture in use (proc(5)).
TICK_SECONDS = 0.01
_CGROUP_STAT = ("sys/fs/cgroup/cpu.stat", "sys/fs/cgroup/cpu/cpu.stat")


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One look; seconds are summed over the CPUs that this process may use. None: not to be seen.

    ``busy`` is all processes' time, ``own`` this process's; counts only ever grow.
    """

    wall: float
    own: float
    cpus: int
    busy: float | None = None
    steal: float | None = None
    throttles: int | None = None
    quota_stops: int | None = None
    battery: bool | None = None
    saver: str | None = None


class Watch:
    """Takes readings; ``root`` is the system's root, or a folder that plays it in tests."""

    def __init__(
        self,
        clock: Clock,
        root: Path = Path("/"),
        cpus: frozenset[int] | None = None,
        cards: Cards | None = None,
    ) -> None:
        """Watch the CPUs that this process may use, or those given; and cards, if any."""
        self.cards = cards
        self._clock = clock
        self._root = root
        self._cpus = cpus if cpus is not None else allowed()
        self._counters = sorted(root.glob("sys/devices/system/cpu/cpu*/thermal_throttle/*_count"))
        self._supplies = sorted(root.glob("sys/class/power_supply/*/status"))

    def read(self) -> Reading:
        """Take one reading (some 100 µs)."""
        busy, steal = processors(_text(self._root / "proc/stat"), self._cpus)
        states = [_text(path).strip() for path in self._supplies]
        return Reading(
            wall=self._clock.now(),
            own=process_time(),
            cpus=len(self._cpus),
            busy=busy,
            steal=steal,
            throttles=_total(self._counters),
            quota_stops=self._quota_stops(),
            battery="Discharging" in states if states else None,
            saver=_text(self._root / "sys/firmware/acpi/platform_profile").strip() or None,
        )

    def slowed(self, device: str) -> str | None:
        """Say what slowed an accelerator down since this was last asked of it."""
        return self.cards.slowed(device) if self.cards else None

    def _quota_stops(self) -> int | None:
        for path in _CGROUP_STAT:
            for line in _text(self._root / path).splitlines():
                name, _, count = line.partition(" ")
                if name == "nr_throttled" and count.strip().isdigit():
                    return int(count)
        return None


def allowed() -> frozenset[int]:
    """Return the numbers of the CPUs that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return frozenset(os.sched_getaffinity(0))
    return frozenset(range(os.cpu_count() or 1))


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace")
    except OSError:
        return ""


def _total(paths: list[Path]) -> int | None:
    counts = [int(text) for path in paths if (text := _text(path).strip()).isdigit()]
    return sum(counts) if counts else None


def processors(stat: str, cpus: frozenset[int]) -> tuple[float | None, float | None]:
    """Return busy and stolen seconds of some CPUs: user, nice, system, irq, softirq; steal."""
    wanted = {f"cpu{number}" for number in cpus}
    lines = [line.split() for line in stat.splitlines() if line.startswith("cpu")]
    rows = [[int(tick) for tick in line[1:9]] for line in lines if line[0] in wanted]
    if not rows or any(len(row) < 8 for row in rows) or not any(map(sum, rows)):
        return None, None  # some sandboxes (gVisor) show zeros only
    busy = sum(sum(row[:3]) + row[5] + row[6] for row in rows)
    return busy * TICK_SECONDS, sum(row[7] for row in rows) * TICK_SECONDS
