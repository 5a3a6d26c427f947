"""Run cases under a memory limit at the `high` end predicted for them: none should die.

python tests/tools/score_limits.py FOLDER [--share 1.0] [--networks …], FOLDER as `score_here.py`
keeps it. Each case runs for three passes in a memory cgroup of its own (version 1 or 2; making one
needs root): what it fills beyond the limit kills it, as a container or a batch system would.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import score_here as here

from advisor import bench, predict
from advisor.estimate import Plan
from advisor.pipeline.verify import errand
from advisor.profile import Profile
from advisor.workload import Workload

ROOTS = {Path("/sys/fs/cgroup/memory"): ("memory.limit_in_bytes", "memory.max_usage_in_bytes"),
         Path("/sys/fs/cgroup"): ("memory.max", "memory.peak")}  # fmt: skip
JOIN = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
SECONDS = 240.0


class Group:
    """A memory cgroup with a limit."""

    def __init__(self, folder: Path, limit: str, peak: str) -> None:
        self.folder, self._limit, self._peak = folder, limit, peak

    def bound(self, most: float) -> None:
        (self.folder / self._limit).write_text(str(int(most)))

    def peak(self) -> int:
        """Return the most bytes that were charged to it."""
        return int((self.folder / self._peak).read_text())


@contextmanager
def group(most: float) -> Iterator[Group]:
    """Make a cgroup, and take it away again."""
    root = next(path for path, (limit, _) in ROOTS.items() if any(path.glob(f"*/{limit}")))
    folder = root / f"score-limits-{os.getpid()}"
    folder.mkdir()
    try:
        made = Group(folder, *ROOTS[root])
        made.bound(most)
        yield made
    finally:
        folder.rmdir()


def ran(told: bench.Errand, most: float) -> tuple[str, int]:
    """Run an errand within so many bytes: what went wrong, if anything did, and its peak."""
    threads = str(told.threads)
    command = [sys.executable, "-P", "-m", "advisor.bench.runner"]
    surroundings = {**os.environ, "OMP_NUM_THREADS": threads, "MKL_NUM_THREADS": threads}
    with group(most) as made:
        done = subprocess.run(
            ["sh", "-c", JOIN, str(made.folder), *command],
            input=msgspec.json.encode(told), capture_output=True, env=surroundings,
            timeout=SECONDS, check=False,
        )  # fmt: skip
        words = done.stderr.decode(errors="replace").strip().splitlines()
        why = f"exit {done.returncode}: {words[-1] if words else ''}" if done.returncode else ""
        return why, made.peak()


def case(workload: Workload, plan: Plan, profile: Profile, share: float) -> tuple[str, str]:
    """Predict and run one case; its line, and what it died of."""
    memory = predict.predict_plan(workload, plan, profile, here.constants()).memory_bytes
    assert memory
    most = share * memory.high
    why, peak = ran(errand(workload, plan, profile, 0.0), most)
    line = f"{here.key(workload, plan):44} {most / 2**20:7.0f} MiB {peak / most:5.2f} used {why}"
    return line, why


def main(argv: list[str], out: Callable[[str], None] = print) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--share", type=float, default=1.0, help="of `high`, to see how tight it is"
    )
    parser.add_argument("--networks", nargs="+", default=[*here.NAMED, *here.added()])
    chosen = parser.parse_args(argv)
    os.environ["PYTHONPATH"] = os.pathsep.join([str(Path(__file__).parent), str(here.ROOT)])
    profile = here.Book(chosen.folder, 0).kept.profile
    assert profile
    died = count = 0
    for workload, plan in here.cases(here.workloads(chosen.networks)):
        line, why = case(workload, plan, profile, chosen.share)
        count, died = count + 1, died + bool(why)
        out(line)
    out(f"{died} of {count} cases died at {chosen.share:g} of `high`")
    return 1 if died else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
