"""The operators of plans timed in their own shapes on this machine, and kept like any figure."""

from collections.abc import Callable, Iterable

import msgspec

from advisor import bench, predict, store
from advisor.constants import Constants
from advisor.estimate import Plan
from advisor.measurement import Measurement
from advisor.operation import Op
from advisor.pipeline.look import Look, see
from advisor.pipeline.time import Keeper
from advisor.profile import Profile
from advisor.workload import Workload

# All operators of a network take about half a second; large batches are cut off here.
SECONDS = 6.0
Wanted = list[tuple[Op, bool]]


def sharpened(
    workload: Workload, profile: Profile, plans: Iterable[Plan], constants: Constants, look: Look
) -> Profile:
    """Time what would sharpen the predictions of some plans; the same profile where nothing would.

    What is timed is kept in the store, so that the next answer has it at once.
    """
    wanted: dict[tuple[str, str], Wanted] = {}
    for plan in plans:
        missing = predict.untimed(workload, plan, profile, constants, SECONDS)
        wanted.setdefault((plan.place, plan.dtype), []).extend(missing)
    wanted = {place: ops for place, ops in wanted.items() if ops}
    if not wanted:
        return profile
    look.say(f"timing the operators of {workload.name} themselves, up to {SECONDS:g} s")
    _, key = see(look)
    for (place, dtype), ops in wanted.items():
        profile = replayed(profile, ops, place, dtype, Keeper(key, look.say))
    return profile


def replayed(
    profile: Profile, ops: Wanted, place: str, dtype: str, keep: Callable[[Measurement], None]
) -> Profile:
    """Time operators in one place, and lay what was measured beside what is known."""
    outcome = bench.replay(
        profile.machine, ops, place=place, dtype=dtype, seconds=SECONDS,
        clock=bench.SystemClock(), keep=keep,
    )  # fmt: skip
    merged = {store.same(m): m for m in (*profile.measurements, *outcome.measurements)}
    return msgspec.structs.replace(profile, measurements=tuple(merged.values()))
