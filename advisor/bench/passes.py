"""Several processes in place of one: what differs between runs is then measured, not supposed."""

from collections.abc import Sequence

import msgspec

from advisor.bench.between import REMAINS
from advisor.bench.figures import SUSPECT_FACTOR
from advisor.bench.quality import judge
from advisor.bench.statistics import average, widen
from advisor.bench.task import Task
from advisor.machine import Gap
from advisor.measurement import Measurement, Quality

# Student's t falls from 4.3 to 2.8 between three processes and five, and by a tenth until seven.
_MOST, _LEAST = 5, 3
# Starting torch, faulting memory in, writing a file and ten rounds: 6 s on a guest of two cores.
_SECONDS = 6.0


def count(seconds: float) -> int:
    """Return how many processes so much time is for; fewer than three tell no spread."""
    most = min(int(seconds / _SECONDS), _MOST)
    return most if most >= _LEAST else 1


class Passes:
    """The figures of each task so far, one a process."""

    def __init__(self) -> None:
        """Begin with none."""
        self._found: dict[str, tuple[Task, list[Measurement]]] = {}

    def add(self, task: Task, measurement: Measurement) -> None:
        """Note what one process gave."""
        self._found.setdefault(task.key, (task, []))[1].append(measurement)

    def figures(self) -> list[Measurement]:
        """Return one figure for each task."""
        return [combined(one, task.floor) for task, one in self._found.values()]

    def missing(self, gaps: Sequence[Gap]) -> list[Gap]:
        """Return those gaps, each once, that no process has filled."""
        filled = {task.what for task, _ in self._found.values()}
        return [gap for i, gap in enumerate(gaps) if gap.what not in filled and gap not in gaps[:i]]


def combined(passes: Sequence[Measurement], floor: float) -> Measurement:
    """Summarize one figure of several processes; ``floor`` is the class's least half width.

    The interval holds at 95 % the mean of as many processes of another run.
    """
    calm = [one for one in passes if one.quality is Quality.VALID]
    doubted = len(calm) < _LEAST
    used = [one for one in passes if one.quality is not Quality.INVALID] if doubted else calm
    if len(used) < _LEAST:
        return max(passes, key=lambda one: (one.quality is not Quality.INVALID, one.rounds))
    summary = average([one.value for one in used], floor * REMAINS)
    causes = dict.fromkeys(one.cause for one in used if one.cause)
    quality, cause = judge(summary.width, list(causes) if doubted else [])
    if quality is not Quality.VALID:
        summary = widen(summary, SUSPECT_FACTOR)
    return msgspec.structs.replace(
        used[-1],
        value=summary.value,
        low=summary.low,
        high=summary.high,
        rounds=sum(one.rounds for one in used),
        quality=quality,
        cause=cause,
        conditions={**used[-1].conditions, "processes": len(used)},
    )
