"""Run a workload's reference network here, and put what was predicted beside what it took."""

from collections.abc import Iterable
from statistics import median

import msgspec

from advisor import bench, predict
from advisor.constants import Constants
from advisor.estimate import Plan, Verified
from advisor.machine import Gap
from advisor.measurement import Measurement
from advisor.pipeline.look import Look, now, see
from advisor.pipeline.replay import sharpened
from advisor.pipeline.time import Keeper
from advisor.predict import RUN
from advisor.profile import Profile
from advisor.units import show
from advisor.workload import Workload

NETWORKS = "advisor.model.networks"


def verify(  # noqa: PLR0913 - each is a choice of the caller's
    workload: Workload,
    profile: Profile,
    constants: Constants,
    plans: Iterable[Plan],
    *,
    seconds: float,
    replay: bool = True,
    look: Look,
) -> tuple[tuple[Verified, ...], tuple[Gap, ...]]:
    """Predict each plan first, then run it for some seconds; what cannot run is a gap.

    What a plan took is kept in the store, and corrects what is predicted from then on.
    """
    kept: list[Verified] = []
    gaps: list[Gap] = []
    for plan in plans:
        look.say(f"running {workload.network}: {plan}")
        known = sharpened(workload, profile, [[plan]], constants, look) if replay else profile
        try:
            found = _verified(workload, plan, known, constants, seconds)
        except bench.TaskError as error:
            gaps.append(Gap(f"verify.{plan}", error.why, error.remedy))
        else:
            if isinstance(found, Gap):
                gaps.append(found)
            else:
                kept.append(msgspec.structs.replace(found, replayed=replay))
                remember(look, [outcome(workload, found)])
    return tuple(kept), tuple(gaps)


def remember(look: Look, rows: Iterable[Measurement]) -> None:
    """Keep what was run like any measurement, where this very machine is looked at."""
    if not look.live:
        return
    keep = Keeper(see(look)[1], look.say)
    for row in rows:
        keep(row)


# What two runs of the same network differ by on a shared machine, at 95 %.
_AGAIN = 1.12


def outcome(workload: Workload, found: Verified) -> Measurement:
    """Write a run as a measurement, with what was predicted of it before any correction."""
    plan, seconds = found.plan, found.measured_seconds
    return Measurement(
        name=RUN,
        device=plan.place,
        dtype=plan.dtype,
        value=seconds,
        low=seconds / _AGAIN,
        high=seconds * _AGAIN,
        unit="s",
        rounds=found.passes,
        taken=now(),
        conditions={
            "workload": workload.name,
            "phase": plan.phase,
            "batch": plan.batch,
            "compile": plan.compiled,
            "predicted": found.seconds.likely / found.calibration,
        },
    )


def _verified(
    workload: Workload, plan: Plan, profile: Profile, constants: Constants, seconds: float
) -> Verified | Gap:
    predicted = predict.predict_plan(workload, plan, profile, constants)
    computing = predicted.computing  # the network is run on inputs that lie ready
    if computing is None or predicted.memory_bytes is None:
        return Gap(f"verify.{plan}", predicted.unpredicted or "", predicted.settles or "")
    most = room(profile, plan)
    if most is not None and predicted.memory_bytes.likely > most:
        return Gap(f"verify.{plan}", _large(predicted.memory_bytes.likely, most), _SMALLER)
    ran = bench.run_network(errand(workload, plan, profile, seconds))
    return Verified(
        plan=plan,
        seconds=computing,
        measured_seconds=median(ran.seconds),
        memory_bytes=predicted.memory_bytes,
        measured_memory_bytes=float(ran.peak_bytes),
        passes=len(ran.seconds),
        calibration=predicted.calibration,
    )


# Whoever else works here needs the rest.
_SHARE = 0.5
_SMALLER = "a smaller --batch or --precision, or free memory first"


def room(profile: Profile, plan: Plan) -> float | None:
    """Return the bytes that a run may fill: half of what is free on the host; None elsewhere."""
    now, _ = predict.available(profile.machine, plan.place)
    return _SHARE * now if now is not None and plan.place == "cpu" else None


def _large(needed: float, most: float) -> str:
    return (
        f"it would take {show(needed, 'bytes')}, and half of what is free is {show(most, 'bytes')}"
    )


def network(workload: Workload) -> str:
    """Return what to import: the workload's reference network, or the user's own function."""
    if workload.llm:
        return f"{NETWORKS}.generator"
    own = ":" in workload.name
    return workload.name if own else f"{NETWORKS}.{workload.name.replace('-', '_')}"


def usual_threads(profile: Profile) -> int:
    """Return the threads that the measurements were taken with, else those that may run."""
    taken = [row.conditions.get("threads") for row in profile.measurements]
    threads = next((n for n in taken if isinstance(n, int)), None)
    return threads or int(profile.machine.cpu.threads_allowed or 1)


def errand(workload: Workload, plan: Plan, profile: Profile, seconds: float) -> bench.Errand:
    """Say what to run for a plan: compiled or eager, with the usual threads."""
    return bench.Errand(
        network=network(workload),
        phase=plan.phase,
        batch=plan.batch,
        threads=usual_threads(profile),
        seconds=seconds,
        dtype=plan.dtype,
        device="cpu" if plan.place == "cpu" else plan.place.replace("gpu", "cuda"),
        compile=plan.compiled,
        states=workload.job.optimizer_states if workload.job else 2,
        llm=workload.llm,
        most_bytes=room(profile, plan),
    )
