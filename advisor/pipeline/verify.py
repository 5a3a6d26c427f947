"""Run a workload's reference network here, and put what was predicted beside what it took."""

from collections.abc import Iterable
from statistics import median

import msgspec

from advisor import bench, predict
from advisor.constants import Constants
from advisor.estimate import Plan, Verified
from advisor.machine import Gap
from advisor.pipeline.look import Look
from advisor.pipeline.replay import sharpened
from advisor.profile import Profile
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
    """Predict each plan first, then run it for some seconds; what cannot run is a gap."""
    kept: list[Verified] = []
    gaps: list[Gap] = []
    for plan in plans:
        look.say(f"running {workload.network}: {plan}")
        known = sharpened(workload, profile, [plan], constants, look) if replay else profile
        try:
            found = _verified(workload, plan, known, constants, seconds)
        except bench.TaskError as error:
            gaps.append(Gap(f"verify.{plan}", error.why, error.remedy))
        else:
            if isinstance(found, Gap):
                gaps.append(found)
            else:
                kept.append(msgspec.structs.replace(found, replayed=replay))
    return tuple(kept), tuple(gaps)


def _verified(
    workload: Workload, plan: Plan, profile: Profile, constants: Constants, seconds: float
) -> Verified | Gap:
    predicted = predict.predict_plan(workload, plan, profile, constants)
    computing = predicted.computing  # the network is run on inputs that lie ready
    if computing is None or predicted.memory_bytes is None:
        return Gap(f"verify.{plan}", predicted.unpredicted or "", predicted.settles or "")
    ran = bench.run_network(errand(workload, plan, profile, seconds))
    return Verified(
        plan=plan,
        seconds=computing,
        measured_seconds=median(ran.seconds),
        memory_bytes=predicted.memory_bytes,
        measured_memory_bytes=float(ran.peak_bytes),
        passes=len(ran.seconds),
    )


def network(workload: Workload) -> str:
    """Return what to import: the workload's reference network, or the user's own function."""
    own = ":" in workload.name
    return workload.name if own else f"{NETWORKS}.{workload.name.replace('-', '_')}"


def errand(workload: Workload, plan: Plan, profile: Profile, seconds: float) -> bench.Errand:
    """Say what to run for a plan: as many threads as the measurements were taken with."""
    taken = [row.conditions.get("threads") for row in profile.measurements]
    threads = next((n for n in taken if isinstance(n, int)), None)
    return bench.Errand(
        network=network(workload),
        phase=plan.phase,
        batch=plan.batch,
        threads=threads or profile.machine.cpu.threads_allowed or 1,
        seconds=seconds,
        dtype=plan.dtype,
        device="cpu" if plan.place == "cpu" else plan.place.replace("gpu", "cuda"),
        states=workload.job.optimizer_states if workload.job else 2,
    )
