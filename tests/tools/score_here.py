"""Score predictions of this machine on it: python tests/tools/score_here.py FOLDER [--time 110].

What is measured (a bench from fresh state, each network's own operators, what each network took) is
kept in FOLDER: run it again until it says that all is measured, then it prints the table. Times are
of plain torch in fp32; the machine should do nothing else. Error = |predicted / measured − 1|.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeVar

import arrivals
import latecomers
import msgspec
import newcomers
import numpy as np
import outsiders
import strangers

from advisor import bench, predict
from advisor.bench.micro.ops import SEED, points
from advisor.constants import ConstantSet
from advisor.errors import AdvisorError
from advisor.estimate import Estimate, Plan
from advisor.measurement import Measurement
from advisor.operation import work
from advisor.pipeline import replay
from advisor.pipeline.graphs import workload_of
from advisor.pipeline.look import Look
from advisor.pipeline.time import bench as time_machine
from advisor.pipeline.verify import errand
from advisor.profile import Profile
from advisor.workload import Workload

ROOT = Path(__file__).parents[2]
RULES = ROOT / "rules"
NAMED = ("cnn", "cnn-mobile", "detection", "vit", "rnn", "transformer", "speech", "diffusion",
         "recommender", "mlp", "rl", "irregular")  # fmt: skip
ADDED = (arrivals, outsiders, latecomers, newcomers, strangers)
# A host that slows its guest down says so by a matmul alone; what was measured then is done again.
STEADY, TRIES = 0.85, 20
PHASES, BATCHES = ("inference", "training"), (1, 8)
BENCH_SECONDS, RUN_SECONDS = 30.0, 2.0


class Truth(msgspec.Struct):
    """What a case took, or why it could not be run."""

    seconds: float = 0.0
    peak_bytes: int = 0
    why: str = ""


class Kept(msgspec.Struct):
    """All that was measured so far."""

    profile: Profile | None = None
    replayed: dict[str, tuple[Measurement, ...]] = {}
    truths: dict[str, Truth] = {}
    speed: float = 0.0


def speed() -> float:
    """Return the matmul rate of this moment: the slower of two looks, FLOP/s."""
    a = np.random.default_rng(0).standard_normal((1024, 1024), np.float32)
    rates = []
    for _ in range(2):
        began = time.perf_counter()
        for _ in range(10):
            a @ a
        rates.append(20 * 1024**3 / (time.perf_counter() - began))
    return min(rates)


T = TypeVar("T")


class Book:
    """The measurements on disk, and the clock of this call."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self.path = folder / "kept.json"
        self.kept = Kept()
        if self.path.exists():
            self.kept = msgspec.json.decode(self.path.read_bytes(), type=Kept)
        self._end = time.monotonic() + seconds

    def late(self) -> bool:
        return time.monotonic() > self._end

    def steady(self) -> bool:
        """Say whether the machine gives the speed that it has given before."""
        now = speed()
        self.kept.speed = max(self.kept.speed, now)
        return now > STEADY * self.kept.speed

    def steadily(self, run: Callable[[], T], what: str) -> T | None:
        """Run something between two steady moments; None where there were none in time."""
        for _ in range(TRIES):
            while not self.steady():
                if self.late():
                    return None
                time.sleep(1)
            found = run()
            if self.steady():
                print(f"  {what}", file=sys.stderr)
                return found
            print(f"  {what}: the machine slowed down meanwhile", file=sys.stderr)
        return None

    def save(self) -> None:
        self.path.write_bytes(msgspec.json.encode(self.kept))


def workloads(networks: list[str]) -> list[Workload]:
    return [workload_of({"model" if ":" in name else "name": name}, [RULES]) for name in networks]


def cases(listed: list[Workload]) -> Iterator[tuple[Workload, Plan]]:
    for workload in listed:
        for phase in PHASES if workload.graph else workload.phases:
            for batch in BATCHES:
                yield workload, Plan(phase=phase, place="cpu", dtype="fp32", batch=batch)


def key(workload: Workload, plan: Plan) -> str:
    return f"{workload.name} {plan.id}"


def measure(book: Book, listed: list[Workload], seconds: float) -> bool:
    """Measure what is not kept yet; say whether all is."""
    kept = book.kept
    if kept.profile is None:
        kept.profile = book.steadily(partial(benched, seconds), "bench")
        book.save()
    profile = kept.profile
    if profile is None:
        return False
    for workload, plan in cases(listed):
        for table, run in ((kept.truths, truth), (kept.replayed, replayed)):
            name = key(workload, plan)
            if name in table:
                continue
            one = partial(run, workload, plan, profile)
            found = None if book.late() else book.steadily(one, f"{run.__name__} {name}")
            if found is None:
                return False
            table[name] = found  # type: ignore[index]
            book.save()
    return True


def benched(seconds: float) -> Profile:
    """Time the machine; a run that a slow host robbed of half its points is no quiet one."""
    for _ in range(3):
        found = time_machine(Look(), seconds, None, lambda _: None)
        rows = [m for m in found.measurements if m.name == "op"]
        valid = sum(m.quality == "valid" for m in rows)
        print(f"  bench: {valid} of {len(rows)} points of ops valid", file=sys.stderr)
        if 2 * valid > len(list(points(Random(SEED)))):
            break
    return found


def truth(workload: Workload, plan: Plan, profile: Profile) -> Truth:
    try:
        ran = bench.run_network(errand(workload, plan, profile, RUN_SECONDS))
    except bench.TaskError as error:
        return Truth(why=error.why)
    return Truth(float(np.median(ran.seconds)), ran.peak_bytes)


def replayed(workload: Workload, plan: Plan, profile: Profile) -> tuple[Measurement, ...]:
    missing = predict.untimed(workload, [plan], profile, constants(), replay.SECONDS)
    wanted = [run for one in missing for run in one.operators]
    outcome = bench.replay(
        profile.machine, wanted, place=plan.place, dtype=plan.dtype, seconds=replay.SECONDS,
        clock=bench.SystemClock(), keep=lambda _: None,
    )  # fmt: skip
    return outcome.measurements


def constants() -> dict[str, ConstantSet]:
    import yaml

    read = [yaml.safe_load(path.read_text()) for path in (RULES / "constants").glob("*.yaml")]
    found = [msgspec.convert(one, ConstantSet, strict=False) for one in read]
    return {one.constants: one for one in found}


class Row(msgspec.Struct):
    """One case: predicted twice, naively, and as it was."""

    name: str
    truth: Truth
    alone: Estimate
    sharp: Estimate
    naive: float

    def errors(self) -> tuple[float, ...]:
        """Return predicted / measured of time alone, replayed, naive, and of memory."""
        both = [e.computing.likely for e in (self.alone, self.sharp) if e.computing]
        memory = self.sharp.memory_bytes
        assert memory
        return (
            *(seconds / self.truth.seconds for seconds in (*both, self.naive)),
            memory.likely / self.truth.peak_bytes,
        )

    def held(self) -> tuple[bool, ...]:
        """Say whether the intervals held: alone, replayed, memory."""
        timed = [e.computing for e in (self.alone, self.sharp)]
        memory = self.sharp.memory_bytes
        assert memory
        times = [t.low <= self.truth.seconds <= t.high for t in timed if t]
        return (*times, memory.low <= self.truth.peak_bytes <= memory.high)

    def below(self) -> bool:
        """Say whether the memory taken stayed below the interval's end."""
        return bool(
            self.sharp.memory_bytes and self.truth.peak_bytes <= self.sharp.memory_bytes.high
        )


def scored(book: Book, listed: list[Workload]) -> Iterator[Row]:
    known, profile = constants(), book.kept.profile
    assert profile
    peak = next(m.value for m in profile.measurements
                if (m.name, m.dtype, m.device) == ("matmul.peak", "fp32", "cpu"))  # fmt: skip
    for workload, plan in cases(listed):
        name = key(workload, plan)
        found = book.kept.truths.get(name)
        if found is None or found.why:
            continue
        rows = (*profile.measurements, *book.kept.replayed.get(name, ()))
        full = msgspec.structs.replace(profile, measurements=rows)
        flops = sum(op.count * work(op).flops * (2 if back else 1)
                    for op, back in predict.operations(workload, plan))  # fmt: skip
        alone, sharp = (predict.predict_plan(workload, plan, p, known) for p in (profile, full))
        yield Row(name=name, truth=found, alone=alone, sharp=sharp, naive=flops / peak)


def table(rows: list[Row]) -> str:
    ratios = np.array([row.errors() for row in rows])
    held = np.array([row.held() for row in rows]).mean(axis=0) * 100
    errors = np.abs(ratios - 1) * 100
    middle, high = np.median(errors, axis=0), np.quantile(errors, 0.9, axis=0)
    below = 100 * np.mean([row.below() for row in rows])
    holds = [f"{held[0]:.0f} %", f"{held[1]:.0f} %", "–", f"{held[2]:.0f} % ({below:.0f} % below)"]
    lines = ["| predictor | n | median | p90 | 80 % interval held |", "|---|---|---|---|---|"]
    titles = ("time, stored bench alone", "time, operators replayed", "time, FLOP / peak",
              "peak memory")  # fmt: skip
    for i, title in enumerate(titles):
        lines.append(
            f"| {title} | {len(rows)} | {middle[i]:.1f} % | {high[i]:.1f} % | {holds[i]} |"
        )
    return "\n".join(lines)


def details(rows: list[Row]) -> str:
    lines = [f"{'case':44} {'seconds':>9} {'alone':>6} {'replay':>6} {'naive':>6} {'memory':>6}"]
    for row in rows:
        ratios = " ".join(f"{ratio:6.2f}" for ratio in row.errors())
        marks = "".join(" ✓"[h] for h in row.held())
        lines.append(f"{row.name:44} {row.truth.seconds:9.5f} {ratios} {marks}")
    return "\n".join(lines)


def added() -> list[str]:
    """Name the networks that no setting was chosen on, those written last first."""
    return [f"{m.__name__}:{name}" for m in ADDED for name in m.NAMES]


def groups(rows: list[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Part the cases by where their networks come from."""
    yield "all", rows
    for module in ADDED:
        name = module.__name__
        part = [row for row in rows if row.name.startswith(f"{name}:")]
        if part and len(part) < len(rows):
            yield name, part
    part = [row for row in rows if ":" not in row.name]
    if part and len(part) < len(rows):
        yield "named", part


def main(argv: list[str], out: Callable[[str], None] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--time", type=float, default=3600.0, help="seconds to measure at most")
    parser.add_argument("--networks", nargs="+", default=NAMED, help="names, or module:factory")
    parser.add_argument("--strangers", action="store_true", help="also networks not named anywhere")
    parser.add_argument("--bench", type=float, default=BENCH_SECONDS, help="seconds of the bench")
    chosen = parser.parse_args(argv)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    os.environ["PYTHONPATH"] = str(Path(__file__).parent)  # where a child finds the strangers
    os.environ["MLINFRA_STATE"] = str(chosen.folder / "state")  # fresh: nothing is known yet
    book = Book(chosen.folder, chosen.time)
    try:
        listed = workloads([*(added() if chosen.strangers else []), *chosen.networks])
    except AdvisorError as error:
        out(str(error))
        return error.code
    whole = measure(book, listed, chosen.bench) if chosen.time else True
    rows = list(scored(book, listed))
    if rows:
        out(
            "\n\n".join([details(rows), *(f"{name}\n{table(part)}" for name, part in groups(rows))])
        )
    for name, found in book.kept.truths.items():
        if found.why:
            out(f"not run: {name}: {found.why}")
    out("all is measured" if whole else "not all is measured yet: run it again")
    return 0 if whole else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
