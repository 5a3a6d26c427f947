"""What feeds a step: the data loader's workers, the disk behind them, and the link to the device.

A step is as slow as the slowest of what it computes and what feeds it; all run side by side.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from advisor.constants import ConstantSet
from advisor.estimate import Basis, Feeding, Interval, Plan
from advisor.measurement import Measurement, Quality
from advisor.predict.figures import spread_of as spread_of_basis
from advisor.predict.width import Z95, interval, joined, spread_of
from advisor.profile import Profile
from advisor.workload import Dataset, Workload

# Data loaders hand over fp32, whatever precision the network then computes in.
_HANDED_OVER = 4


class Supply(NamedTuple):
    """What a machine feeds a place with.

    ``worker`` is what one data-loader worker delivers (samples/s), ``workers`` how many may run,
    ``disk`` and ``link`` are bytes/s, ``room`` the bytes of host memory that may keep a data set.
    """

    worker: Basis | None = None
    workers: float | None = None
    disk: Basis | None = None
    link: Basis | None = None
    room: float | None = None


def supply(profile: Profile, place: str) -> Supply:
    """Read off a profile what feeds a place; what was not measured is None."""
    kept = [row for row in profile.measurements if row.quality is not Quality.INVALID]
    disk = next((disk.id for disk in profile.machine.disks), "disk:0")
    return Supply(
        worker=_first(kept, "input.images", {"cpu"}, "cpu.input_rate"),
        workers=profile.machine.cpu.threads_allowed,
        disk=_first(kept, "disk.read", {disk}, "disk.read"),
        link=_first(kept, "host_link.h2d", {place, f"link:{place}"}, "gpu.host_to_device"),
        room=profile.machine.memory.available_bytes,
    )


def assumed(workload: Workload, given: Supply, constants: ConstantSet) -> Supply:
    """Return what feeds a place, with the usual rate of a worker where none was timed.

    Without it a machine of two CPUs would seem to feed eight GPUs with photographs.
    """
    dataset = workload.dataset
    if given.worker or not given.workers or dataset is None or dataset.encoding != "jpeg":
        return given
    known = constants.figures
    usual, apart = known["input_images"], math.exp(Z95 * known["input_images_spread"])
    worker = Basis(
        fact="cpu.input_rate", value=usual, low=usual / apart, high=usual * apart,
        origin="catalogue", source=f"usual of one worker: constants/{constants.constants}.yaml",
    )  # fmt: skip
    return given._replace(worker=worker)


def _first(rows: Iterable[Measurement], name: str, devices: set[str], fact: str) -> Basis | None:
    found = next((row for row in rows if row.name == name and row.device in devices), None)
    if found is None:
        return None
    return Basis(
        fact=fact, value=found.value, low=found.low, high=found.high, origin="measured",
        source=f"{name} on {found.device}" + (f", {found.taken}" if found.taken else ""),
    )  # fmt: skip


def feeding(
    workload: Workload, plan: Plan, compute: Interval, given: Supply, constants: ConstantSet
) -> Feeding | None:
    """Say how fast a network could compute, and how fast it is fed; ``compute`` is seconds a step.

    None where no samples of a data set go in: language models and trees.
    """
    if workload.graph is None:
        return None
    could = _rate(plan.batch / compute.likely, spread_of(compute))
    # What reinforcement learning learns from lies in memory, where its simulators put it.
    dataset = None if workload.family == "rl" else workload.dataset
    worker = _worker(dataset, given, constants)
    timed = worker and given.worker and given.worker.origin == "measured"
    needed = math.ceil(could.likely / worker.likely) if worker and timed else None
    return Feeding(
        compute=could,
        worker=worker,
        input=_input(dataset, worker, given),
        link=_link(workload.graph.inputs, given),
        workers_needed=None if needed is None else float(needed),
    )


def _rate(likely: float, spread: float) -> Interval:
    return interval(likely, spread, "samples/s")


def _worker(dataset: Dataset | None, given: Supply, constants: ConstantSet) -> Interval | None:
    """Return one worker's rate: decoding takes as long as an image has bytes."""
    if given.worker is None or dataset is None or dataset.encoding != "jpeg":
        return None
    known = constants.figures
    likely = float(given.worker.value) * known["input_image_bytes"] / dataset.sample_bytes
    return _rate(likely, joined(spread_of_basis(given.worker), known["input_spread"]))


def _input(dataset: Dataset | None, worker: Interval | None, given: Supply) -> Interval | None:
    """Return what all workers deliver, or the disk where the data set does not stay in memory."""
    if dataset is None:
        return None
    decoded = None
    if worker and given.workers:
        decoded = _rate(worker.likely * given.workers, spread_of(worker))
    kept = given.room is not None and dataset.samples * dataset.sample_bytes <= given.room
    read = None
    if given.disk and not kept:
        read = _rate(float(given.disk.value) / dataset.sample_bytes, spread_of_basis(given.disk))
    if dataset.encoding == "jpeg" and decoded is None:
        return None  # the disk alone would promise too much
    return min(filter(None, (decoded, read)), key=lambda rate: rate.likely, default=None)


def _link(inputs: float, given: Supply) -> Interval | None:
    if given.link is None or inputs <= 0:
        return None
    return _rate(float(given.link.value) / (inputs * _HANDED_OVER), spread_of_basis(given.link))


def fed(plan: Plan, compute: Interval, found: Feeding) -> tuple[Interval, str | None]:
    """Return seconds of a step as it is fed, and what feeds it too slowly, if anything does.

    Only training waits for the data set; what is inferred comes from whoever asks.
    """
    rates = {"link": found.link}
    if plan.phase == "training":
        rates["input"] = found.input
    slowest, bound = compute, None
    for name, rate in rates.items():
        if rate is None:
            continue
        waiting = Interval(
            plan.batch / rate.high, plan.batch / rate.likely, plan.batch / rate.low, "s"
        )
        if waiting.likely > slowest.likely:
            bound = name
        slowest = _later(slowest, waiting)
    return slowest, bound


def _later(a: Interval, b: Interval) -> Interval:
    return Interval(max(a.low, b.low), max(a.likely, b.likely), max(a.high, b.high), "s")


def basis(plan: Plan, found: Feeding | None, given: Supply) -> list[Basis]:
    """List the measurements that a feeding rests on."""
    if found is None:
        return []
    used = [given.worker, given.disk] if found.input and plan.phase == "training" else []
    used += [given.link] if found.link else []
    return [one for one in used if one is not None]
