"""Compares what fixes are predicted to gain on this machine with what they gain.

Run: python tests/tools/compare_fixes.py PROFILE.json [WORKLOAD ...] [--fix NAME] [--pairs 12]

The profile is one of this machine with its measurements (`mlinfra bench --output json=FILE`). Each
pair runs both ways one after the other, in turns the one or the other first; the ratio of a pair is
the gain, and the table shows their median with the interval of it that holds 95 times in 100.

Data-loader workers decode photographs (this takes Pillow, and `mlinfra bench input` in the profile)
for a device beside the processor, which is played by a pause of a step's length.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import msgspec
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset

from advisor import book, predict
from advisor.bench import allocator
from advisor.bench.micro import input as photographs
from advisor.estimate import Estimate, Interval, Plan
from advisor.machine import Limit
from advisor.pipeline.recommend import constants
from advisor.predict import feed, fixes
from advisor.profile import Profile
from advisor.workload import Workload

SECONDS = 0.25  # of each side of a pair
LONG = 1.5  # of one that must fill the queues of data-loader workers first
MODULES = {"cnn-mobile": "cnn_mobile"}


class Way(NamedTuple):
    """One way to run a network."""

    batch: int = 8
    dtype: str = "fp32"
    threads: int = 2
    last: bool = False
    compiled: bool = False
    workers: int | None = None


class Fix(NamedTuple):
    """What is compared: the way before and after, and the predicted gain."""

    before: Way
    after: Way
    gain: Callable[["Case"], Interval | None]


class Case(NamedTuple):
    """A workload on the machine of a profile."""

    workload: Workload
    profile: Profile

    def plan(self, way: Way) -> Estimate:
        """Predict inference in a way."""
        plan = Plan(phase="inference", place="cpu", dtype=way.dtype, batch=way.batch)
        return predict.predict_plan(self.workload, plan, self.profile, constants(()))


def ratio(after: Way, before: Way) -> Callable[[Case], Interval | None]:
    """Return how a gain in samples a second is predicted by two plans."""
    return lambda case: predict.ratio(case.plan(after), case.plan(before))


def named(name: str) -> Callable[[Case], Interval | None]:
    """Return how a gain is predicted that an estimate carries."""
    return lambda case: case.plan(Way()).gains.get(name)


def threads(case: Case) -> Interval | None:
    """Predict as if the environment asked for one thread."""
    machine = case.profile.machine
    lines = (*machine.capacity["cpu"], Limit("OMP_NUM_THREADS", 1, "environment"))
    asked = msgspec.structs.replace(machine, capacity={**machine.capacity, "cpu": lines})
    there = msgspec.structs.replace(case.profile, machine=asked)
    return Case(case.workload, there).plan(Way()).gains.get("threads")


# So fast a device computes beside what all workers together deliver.
BUSY = 0.8


def step(case: Case) -> float:
    """Return the seconds of a step of the device that is played, for the batch of a way."""
    worker = feed.supply(case.profile, "cpu").worker
    if worker is None:
        sys.exit("no worker was timed: mlinfra bench input --output json=FILE, with Pillow")
    return Way().batch / (BUSY * CORES * float(worker.value))


def workers(case: Case) -> Interval | None:
    """Predict what workers gain a device that takes so long for a step."""
    plan, seconds = (
        Plan(phase="training", place="gpu:0", dtype="fp32", batch=Way().batch),
        step(case),
    )
    given = feed.supply(case.profile, "cpu")._replace(disk=None)
    fed = feed.feeding(
        case.workload, plan, Interval(seconds, seconds, seconds, "s"), given, constants(())["gpu"]
    )
    return fixes.gains(plan, None, fixes.Settings(), fed, waits=False).get("workers")


class Photographs(Dataset[torch.Tensor]):
    """What the microbenchmark decodes, as a data set."""

    def __init__(self) -> None:
        """Decode on one thread, as the benchmark does."""
        hands: Any = SimpleNamespace(torch=torch, threads=1)
        task: Any = None
        self.deliver = photographs.prepare(task, hands).call

    def __len__(self) -> int:
        """Be longer than anyone runs."""
        return 10**6

    def __getitem__(self, _index: int) -> torch.Tensor:
        """Decode one, whichever it is."""
        return self.deliver()  # type: ignore[no-any-return]


def fed(way: Way, seconds: float) -> Callable[[], float]:
    """Return a call that loads batches for a device that takes so long for each."""
    loader = DataLoader(Photographs(), batch_size=way.batch, num_workers=way.workers or 0)
    batches = iter(loader)

    def run() -> float:
        passes, began = 0, time.perf_counter()
        while passes < 2 or time.perf_counter() - began < LONG:
            next(batches)
            time.sleep(seconds)
            passes += 1
        return passes * way.batch / (time.perf_counter() - began)

    return run


CORES = torch.get_num_threads()
FIXES = {
    "threads": Fix(Way(threads=1), Way(threads=CORES), threads),
    "bf16": Fix(Way(), Way(dtype="bf16"), ratio(Way(dtype="bf16"), Way())),
    "batch": Fix(Way(batch=1), Way(), ratio(Way(), Way(batch=1))),
    "channels-last": Fix(Way(), Way(last=True), named("channels_last")),
    "compile": Fix(Way(), Way(compiled=True), named("compile")),
    "workers": Fix(Way(workers=0), Way(workers=CORES), workers),
}
DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


def runner(workload: str, way: Way) -> Callable[[], float]:
    """Return a call that runs passes for a while and gives samples a second."""
    module = import_module(f"advisor.model.networks.{MODULES.get(workload, workload)}")
    torch.manual_seed(0)
    network: nn.Module = module.build().eval().to(DTYPES[way.dtype])
    values = [cast(value, way) for value in module.inputs(way.batch)]
    if way.last:
        network = network.to(memory_format=torch.channels_last)
    call = torch.compile(network) if way.compiled else network

    def run() -> float:
        torch.set_num_threads(way.threads)
        passes, began = 0, time.perf_counter()
        with torch.no_grad():
            while passes < 2 or time.perf_counter() - began < SECONDS:
                call(*values)
                passes += 1
        return passes * way.batch / (time.perf_counter() - began)

    return run


def cast(value: torch.Tensor, way: Way) -> torch.Tensor:
    """Bring an input into the precision and layout of a way."""
    value = value.to(DTYPES[way.dtype]) if value.is_floating_point() else value
    return value.to(memory_format=torch.channels_last) if way.last and value.ndim == 4 else value


def measured(case: Case, fix: Fix, pairs: int) -> list[float]:
    """Run so many pairs, and return the gain of each."""
    before, after = (
        runner(case.workload.name, way) if way.workers is None else fed(way, step(case))
        for way in (fix.before, fix.after)
    )
    for warm in (before, after, before, after):
        warm()
    gains = []
    for number in range(pairs):
        order = (before, after) if number % 2 else (after, before)
        rates = {side: side() for side in order}
        gains.append(rates[after] / rates[before])
    return gains


def median(gains: list[float]) -> Interval:
    """Return the median, and the interval of it that a sign test leaves at 95 %."""
    ordered, count = sorted(gains), len(gains)
    # The k-th smallest and largest bound the median with 1 - 2·P(Binomial(n, 1/2) < k).
    aside = max(int(count / 2 - 0.98 * count**0.5), 0)
    return Interval(ordered[aside], statistics.median(ordered), ordered[-1 - aside], "1")


def show(found: Interval | None) -> str:
    """Print a gain with its interval."""
    return f"{found.likely:5.2f} ({found.low:.2f} - {found.high:.2f})" if found else "not predicted"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("profile", type=Path)
    parser.add_argument("workloads", nargs="*", default=["cnn"])
    parser.add_argument("--fix", choices=FIXES, action="append")
    parser.add_argument("--pairs", type=int, default=12)
    asked = parser.parse_args()
    allocator.fix()
    profile = msgspec.json.decode(asked.profile.read_bytes(), type=Profile, strict=False)
    print(f"{'workload':12} {'fix':14} {'predicted (80 %)':22} {'measured (95 %)':22} held")
    for name in asked.workloads:
        case = Case(book.workload(name, ()), profile)
        for fix in asked.fix or FIXES:
            predicted = FIXES[fix].gain(case)
            found = median(measured(case, FIXES[fix], asked.pairs))
            held = predicted and predicted.low <= found.likely <= predicted.high
            print(f"{name:12} {fix:14} {show(predicted):22} {show(found):22} {held}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
