"""Boosted trees: rows a second through one round of histogram building, by LightGBM."""

import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from importlib import import_module
from importlib.util import find_spec

from advisor.bench.hands import SEED, Hands
from advisor.bench.task import Condition, Ready, Site, Task, TaskError
from advisor.machine import Gap
from advisor.measurement import Measurement

TITLE = "boosted trees by LightGBM, rows a second and round"
TORCH = False

# A hundredth of the Higgs data set's rows, its 28 features, LightGBM's 255 leaves as its own
# experiments have them (LightGBM documentation, Experiments).
ROWS, FEATURES, LEAVES = 100_000, 28, 255


def tasks(site: Site) -> Iterator[Task | Gap]:  # noqa: ARG001 - same for all plug-ins
    """Plan nothing besides the headline."""
    return iter(())


def headline(site: Site, measured: Sequence[Measurement]) -> Iterator[Task]:  # noqa: ARG001
    """Plan one round of boosting over a table that is made here."""
    yield Task(
        benchmark="trees",
        name="trees.fit",
        device="cpu",
        unit="rows/s",
        work=float(ROWS),
        conditions={"rows": ROWS, "features": FEATURES, "leaves": LEAVES},
        bytes=ROWS * FEATURES * 9,
        rank=2,
        samples=3,
        batch_seconds=0.05,
    )


def prepare(task: Task, hands: Hands) -> Ready:  # noqa: ARG001 - same for all plug-ins
    """Start a process of its own (torch brings another OpenMP), and ask it for rounds."""
    if find_spec("lightgbm") is None:
        raise TaskError("LightGBM is not installed", remedy="pip install lightgbm")
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", __name__, str(hands.threads)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    ask, answers = process.stdin, process.stdout
    if ask is None or answers is None or not (version := answers.readline().strip()):
        with process:
            process.kill()
        raise TaskError("LightGBM's process ended")

    used = [0.0]

    def one_round() -> None:
        ask.write("\n")
        ask.flush()
        answer = answers.readline()
        if not answer:
            raise TaskError("LightGBM's process ended")
        used[0] = float(answer)

    how: dict[str, Condition] = {"library": f"LightGBM {version}"}
    return Ready(call=one_round, conditions=how, helper_seconds=lambda: used[0])


def serve(threads: int) -> None:
    """Boost one more round for each line on stdin; what LightGBM prints goes to stderr."""
    import os

    lightgbm, numpy = import_module("lightgbm"), import_module("numpy")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    random = numpy.random.default_rng(SEED)
    table = random.standard_normal((ROWS, FEATURES), dtype=numpy.float32)
    target = table[:, 0] * table[:, 1] + random.standard_normal(ROWS) > 0
    options = {"objective": "binary", "num_leaves": LEAVES, "num_threads": threads, "verbose": -1}
    booster = lightgbm.Booster(options, lightgbm.Dataset(table, target))
    print(lightgbm.__version__, file=answers, flush=True)
    for _ in sys.stdin:
        booster.update()
        print(time.process_time(), file=answers, flush=True)


if __name__ == "__main__":
    serve(int(sys.argv[1]))
