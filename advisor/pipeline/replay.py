"""The operators of plans timed in their own shapes on this machine, and kept like any figure."""

from collections.abc import Iterable, Mapping

import msgspec

from advisor import predict, store
from advisor.constants import Constants
from advisor.estimate import Plan
from advisor.operation import Op
from advisor.pipeline.look import Look, see
from advisor.profile import Profile
from advisor.workload import Workload

# All operators of a network take about half a second; large batches are cut off here.
SECONDS = 6.0
Wanted = Mapping[tuple[str, str], list[tuple[Op, bool]]]


def sharpened(
    workload: Workload, profile: Profile, plans: Iterable[Plan], constants: Constants, look: Look
) -> Profile:
    """Time what would sharpen the predictions of some plans; the same profile where nothing would.

    What is timed is kept in the store, so that the next answer has it at once.
    """
    wanted: dict[tuple[str, str], list[tuple[Op, bool]]] = {}
    for plan in plans:
        missing = predict.untimed(workload, plan, profile, constants, SECONDS)
        if missing:
            look.say(f"timing {len(missing)} operators of {workload.name}, {plan}")
            wanted.setdefault((plan.place, plan.dtype), []).extend(missing)
    return _replayed(profile, wanted, look) if wanted else profile


def _replayed(profile: Profile, wanted: Wanted, look: Look) -> Profile:
    """Time operators place by place, and lay what was measured beside what is known."""
    from advisor import bench
    from advisor.pipeline.time import Keeper

    keep = Keeper(see(look)[1], look.say)
    for (place, dtype), ops in wanted.items():
        outcome = bench.replay(
            profile.machine, ops, place=place, dtype=dtype, seconds=SECONDS,
            clock=bench.SystemClock(), report=look.report, keep=keep,
        )  # fmt: skip
        merged = {store.same(m): m for m in (*profile.measurements, *outcome.measurements)}
        profile = msgspec.structs.replace(profile, measurements=tuple(merged.values()))
    return profile
