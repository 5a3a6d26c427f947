"""What the timing process suffered during one visit: waiting for a processor, and stolen time.

The kernel counts both for us: the time that a thread could have run and had to wait, to the
nanosecond (Documentation/scheduler/sched-stats), and what a hypervisor took, to the tick.
"""

from pathlib import Path

from advisor.bench.watch import TICK_SECONDS, allowed, processors


class Strain:
    """Tells what happened since it was last asked; ``root`` may be a folder that plays /proc."""

    def __init__(self, root: Path = Path("/proc"), cpus: frozenset[int] | None = None) -> None:
        """Start to count now."""
        self._tasks = root / "self/task"
        self._stat = root / "stat"
        self._cpus = cpus if cpus is not None else allowed()
        self._delays: dict[str, int] = {}
        self._steal = 0.0
        self.since()

    def since(self) -> tuple[float, float]:
        """Return the longest wait of any thread, and the stolen time of all processors, in s."""
        delays = self._read_delays()
        waits = [now - self._delays.get(name, now) for name, now in delays.items()]
        self._delays = delays
        steal, before = self._read_steal(), self._steal
        self._steal = steal
        return max(waits, default=0) / 1e9, max(steal - before, 0.0)

    def _read_delays(self) -> dict[str, int]:
        found: dict[str, int] = {}
        try:
            tasks = list(self._tasks.iterdir())
        except OSError:
            return found
        for task in tasks:
            fields = _read(task / "schedstat").split()
            if len(fields) > 1 and fields[1].isdigit():
                found[task.name] = int(fields[1])
        return found

    def _read_steal(self) -> float:
        return processors(_read(self._stat), self._cpus)[1] or 0.0


# One thread's wait beyond this share of a visit, and longer than a wake-up takes, is no accident.
_WAITED_SHARE = 0.05
_LEAST_WAIT = 0.0003


def strained(waited: float, stolen: float, took: float) -> bool:
    """Whether a visit of so many seconds was disturbed, so that it is better taken again."""
    return stolen >= TICK_SECONDS / 2 or waited > max(_WAITED_SHARE * took, _LEAST_WAIT)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except (OSError, ValueError):
        return ""
