"""The operators of plans timed in their own shapes on this machine, and kept like any figure."""

from collections.abc import Callable, Iterable, Mapping

import msgspec

from advisor import predict
from advisor.advice import Decision
from advisor.constants import Constants
from advisor.estimate import Plan
from advisor.measurement import Measurement, same
from advisor.pipeline.disturbed import calm
from advisor.pipeline.look import Look, see
from advisor.predict import Missing
from advisor.profile import Profile
from advisor.workload import Workload

# All operators of a network take about half a second; large batches are cut off here.
SECONDS = 6.0
# Batches that are timed before one is chosen, whatever looked best until then: four times apart, so
# that each lies within a factor of two of those between, and a choice among them is no matter of
# what two runs differ by.
GRID = (2, 8, 32, 128)
Where = tuple[str, str]


def nominated(
    decisions: Iterable[Decision], workload: Workload, *, first: bool, anew: bool = False
) -> Iterable[list[Plan]]:
    """Return the plans of each phase that are to be timed; none once the chosen one was.

    At ``first`` the chosen one in all batches of the grid, so that its batch can be chosen; then
    itself. What was timed is timed ``anew`` where it was disturbed.
    """
    for chosen in (decision.chosen for decision in decisions):
        if chosen is not None and (anew or chosen.replayed < predict.ENOUGH):
            plan = msgspec.structs.replace(chosen.plan, compiled=False, checkpointed=False)
            batches = [batch for batch in workload.batches if first and batch in GRID]
            yield [msgspec.structs.replace(plan, batch=batch) for batch in batches or [plan.batch]]


def sharpened(
    workload: Workload,
    profile: Profile,
    phases: Iterable[list[Plan]],
    constants: Constants,
    look: Look,
) -> Profile:
    """Time what would sharpen the predictions of some plans, so long for those of each phase.

    The same profile comes back where nothing would. What is timed is kept in the store, so that the
    next answer has it at once.
    """
    wanted: dict[Where, list[Missing]] = {}
    for plans in phases:
        for missing in predict.untimed(workload, plans, profile, constants, SECONDS):
            plan = missing.plan
            wanted.setdefault((plan.place, plan.dtype), []).append(missing)
    if not wanted:
        return profile
    look.say(_words(workload, [missing for each in wanted.values() for missing in each]))
    return _replayed(profile, wanted, look)


def _words(workload: Workload, wanted: list[Missing]) -> str:
    """Say in one line what is timed, however many plans it is for."""
    count = sum(len(missing.operators) for missing in wanted)
    plans = f", {wanted[0].plan}" if len(wanted) == 1 else f" in {len(wanted)} plans"
    return f"timing {count} operators of {workload.name}{plans}"


def refreshed(profile: Profile, sharpen: Callable[[Profile], Profile]) -> Profile:
    """Time anew what was disturbed; what there is no time for keeps its figures.

    ``sharpen`` times what a profile lacks, as `sharpened` does.
    """
    quiet = calm(profile)
    sharp = sharpen(quiet)
    return profile if sharp is quiet else _with(profile, sharp.measurements)


def _replayed(profile: Profile, wanted: Mapping[Where, list[Missing]], look: Look) -> Profile:
    """Time operators place by place, and lay what was measured beside what is known."""
    from advisor import bench
    from advisor.pipeline.time import Keeper

    with Keeper(see(look)[1], look.say) as keep:
        for (place, dtype), each in wanted.items():
            operators = [one for missing in each for one in missing.operators]
            phases = {missing.plan.phase for missing in each}
            outcome = bench.replay(
                profile.machine, operators, place=place, dtype=dtype,
                seconds=len(phases) * SECONDS, clock=bench.SystemClock(), report=look.report,
                keep=keep,
            )  # fmt: skip
            profile = _with(profile, outcome.measurements)
    return profile


def _with(profile: Profile, rows: Iterable[Measurement]) -> Profile:
    """Return the profile with figures in the place of those of the same."""
    merged = {same(m): m for m in (*profile.measurements, *rows)}
    return msgspec.structs.replace(profile, measurements=tuple(merged.values()))
