"""How much the runs of this machine differ: its own history takes over from that of its class."""

import math
from collections.abc import Mapping, Sequence
from statistics import fmean, stdev

from advisor.bench.modes import part
from advisor.bench.statistics import student
from advisor.bench.task import Condition, Task
from advisor.bench.twins import SLOWER, same_work
from advisor.measurement import Measurement, Quality

# What is known of a class counts like the spread of five runs, which has so much freedom. Set, so
# that three runs that differ far more than their class widen the interval at once, and so that
# twenty steady ones narrow it to a third and no further, for they may all be of one calm hour.
_CLASS_FREEDOM = 4
# A class is known by default runs, in which headline figures are spread over so many seconds. Over
# fewer, less of what the host does averages out: on a guest of two cores (AMD EPYC, 2026-11) means
# over 2.5, 7.5 and 15 s of a minute and a half spread by 3.5, 3.1 and 2.5 % in fp32 matmul and by
# 10, 8.5 and 7 % in bf16; single triads by 25 %, means over 2.5 s by 22 %, those of six runs, over
# 25 s each, by 14 %. So roughly with the fourth root of the time, down to a second. In memory two
# runs of 80 s lay as far apart: longer looks do not narrow what is lasting.
_USUAL, _LASTING_USUAL = 6.0, 25.0
_LEAST = 1.0
# Runs that were spread over much less tell little of this one.
_AS_LONG = 0.5
OVER = "over_seconds"
# However long a run, what changes from hour to hour remains: this share of the class's. Two runs of
# five processes within half an hour lay 0.5 to 2 % apart, and 6 % in bf16 (on the same guest).
REMAINS = 1 / 2


def stretch(span: float, *, lasting: bool) -> float:
    """Return how many times as wide as in a default run that is which only runs show."""
    usual, least = (_LASTING_USUAL, 1.0) if lasting else (_USUAL, REMAINS)
    return max(float((usual / max(span, _LEAST)) ** 0.25), least)


def known(
    task: Task, conditions: Mapping[str, Condition], value: float, earlier: Sequence[Measurement]
) -> float:
    """Return the half width, as a share, within which another run's result lies at 95 %.

    ``earlier`` runs of the same work tell it beside this one's value; without any it is the
    class's, ``task.floor``. What a run was seen to suffer says nothing of the others, nor does one
    that was much shorter.
    """
    span = float(conditions.get(OVER) or 0.0)
    calm = {
        one.taken: one.value
        for one in earlier
        if same_work(task, conditions, one)
        and float(one.conditions.get(OVER) or 0.0) >= _AS_LONG * span
        and (one.quality is Quality.VALID or SLOWER in one.conditions)
    }
    floor = pooled(task.floor, part([value, *calm.values()]).main)
    return floor * stretch(span, lasting=task.lasting)


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
