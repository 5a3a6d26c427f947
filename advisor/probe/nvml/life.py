"""Whether a silent process still works: waking a device, a driver polls; wedged, it rests."""

from contextlib import suppress
from pathlib import Path

from advisor.probe.nvml.told import WAKE

PROC = Path("/proc")


def turns(pid: int, proc: Path = PROC) -> int:
    """Return how often the threads of a process were given a CPU so far; 0 where none tells it.

    Kernel: Documentation/scheduler/sched-stats, /proc/<pid>/schedstat (the third number).
    """
    total = 0
    with suppress(OSError, ValueError, IndexError):
        for task in (proc / str(pid) / "task").iterdir():
            total += int((task / "schedstat").read_text().split()[2])
    return total


def asleep(lines: list[list[object]], waiting: dict[str, str]) -> bool:
    """Whether several devices are being woken and none has answered yet.

    They share one driver, which may wake them one by one: none of them is the silent one.
    """
    woken = any(line[0] in {"got", "err"} and line[2:3] == [WAKE] for line in lines if line)
    return not woken and list(waiting.values()).count(WAKE) > 1
