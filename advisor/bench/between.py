"""How much the runs of this machine differ: its own history takes over from that of its class."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

from advisor.bench.modes import part
from advisor.bench.statistics import student
from advisor.bench.task import Condition, Task
from advisor.bench.twins import SLOWER, same_work
from advisor.measurement import Measurement, Quality

# What is known of a class counts like the spread of so many runs and one. Set: so that three runs
# that differ far more than their class widen the interval at once, and so that twenty steady ones
# narrow it to a third of the class's and no further, for they may all be of one calm hour.
_CLASS_FREEDOM = 4


def known(
    task: Task, conditions: Mapping[str, Condition], value: float, earlier: Sequence[Measurement]
) -> float:
    """Return the half width, as a share, within which another run's result lies at 95 %.

    ``earlier`` runs of the same work tell it beside this one's value; without any it is the
    class's, ``task.floor``. What a run was seen to suffer says nothing of the others.
    """
    calm = {
        one.taken: one.value
        for one in earlier
        if same_work(task, conditions, one)
        and (one.quality is Quality.VALID or SLOWER in one.conditions)
    }
    return pooled(task.floor, part([value, *calm.values()]).main)


def pooled(floor: float, values: Sequence[float]) -> float:
    """Pool the spread that a class's half width stands for with that of some runs.

    Two runs lie √2 times the spread of one apart; so many degrees of freedom give Student's t.
    """
    if len(values) < 2:
        return floor
    supposed = floor / (student(_CLASS_FREEDOM) * math.sqrt(2))
    seen, freedom = stdev(values) / fmean(values), len(values) - 1
    every = _CLASS_FREEDOM + freedom
    spread = math.sqrt((_CLASS_FREEDOM * supposed**2 + freedom * seen**2) / every)
    return student(every) * math.sqrt(2) * spread
