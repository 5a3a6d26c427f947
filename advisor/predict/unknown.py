"""Which of a plan's operators would sharpen its prediction, were they timed by themselves."""

from advisor.constants import Constants
from advisor.estimate import Plan
from advisor.operation import Op, work
from advisor.predict.figures import measured
from advisor.predict.op import Clockwork
from advisor.predict.planning import operations
from advisor.profile import Profile
from advisor.workload import Workload

# An operator is timed in rounds of batches (bench: three rounds, a first call, a calibration).
_ROUNDS = 5
_BATCH_SECONDS = 0.002
# No op touches more than this when it is timed (2 GB in fp32).
_MOST_ELEMENTS = 5e8
# What is left untimed decides little if it takes less than this share of the step.
_LITTLE = 0.1


def untimed(
    workload: Workload, plan: Plan, profile: Profile, constants: Constants, seconds: float
) -> list[tuple[Op, bool]]:
    """Return the operators to time within some seconds, those that take most of a step first.

    True stands beside a backward pass. There are none where those that were timed take nearly all
    of the step, or where nothing can be predicted yet.
    """
    figures = measured(profile, plan.place)
    clockwork = Clockwork(figures, constants[figures.constants])
    run = operations(workload, plan)
    if all(clockwork.knows(op, plan.dtype, backward=backward) for op, backward in run):
        return []
    total, open_ = 0.0, []
    for op, backward in run:
        time = clockwork.seconds(op, plan.dtype, backward=backward)
        if time is None:
            return []
        total += op.count * time.seconds
        cost = _ROUNDS * max(time.seconds, _BATCH_SECONDS)
        small = work(op).elements <= _MOST_ELEMENTS
        if small and cost < seconds and not clockwork.knows(op, plan.dtype, backward=backward):
            open_.append((op.count * time.seconds, cost, op, backward))
    if sum(share for share, *_ in open_) < _LITTLE * total:
        return []
    return _within(sorted(open_, key=lambda one: -one[0]), seconds)


def _within(ranked: list[tuple[float, float, Op, bool]], seconds: float) -> list[tuple[Op, bool]]:
    chosen, left = [], seconds
    for _, cost, op, backward in ranked:
        if cost <= left:
            chosen.append((op, backward))
            left -= cost
    return chosen
