"""Holds the benchmarks against programs written by hand: `compare_bench.py matmul|triad|disk`.

`matmul` wants the file of a `sweep` over all shapes, which takes long and may be cut in pieces.

Both sides work on the same shapes, sizes and threads, alternating, with the order swapped from pair
to pair. Prints the median of the ratios (ours over theirs) and its 95 % interval by order
statistics. Needs torch for matmul, torch and gcc for triad, fio for disk.
"""

import argparse
import itertools
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import msgspec

from advisor.bench import allocator
from advisor.bench.clock import SystemClock
from advisor.bench.hands import Hands
from advisor.bench.messages import Start
from advisor.bench.micro import disk_read, matmul, memory
from advisor.bench.series import calls_for
from advisor.bench.session import Listeners, Session
from advisor.bench.task import Place, Ready, Site, Task
from advisor.bench.watch import Watch

PAIRS = 16
MOST = 2.0 * 2048**3 * 4
THREADS = len(os.sched_getaffinity(0))


def interval(ratios):
    """Return the order statistics that hold the median at 95 % (binomial, p = 1/2)."""
    ordered, n = sorted(ratios), len(ratios)
    tail, low = 0.0, -1
    while tail + math.comb(n, low + 1) / 2**n <= 0.025:
        low += 1
        tail += math.comb(n, low) / 2**n
    low = max(low, 0)
    return ordered[low], ordered[n - 1 - low]


def compare(label, ours, theirs, count=PAIRS):
    """Alternate both, swap the order each time, and print the median ratio."""
    ratios, pairs = [], []
    for number in range(count):
        first, second = (ours, theirs) if number % 2 else (theirs, ours)
        one, other = first(), second()
        a, b = (one, other) if number % 2 else (other, one)
        ratios.append(a / b)
        pairs.append((a, b))
    low, high = interval(ratios)
    left, right = (median(side) for side in zip(*pairs, strict=True))
    print(
        f"{label}: {median(ratios):.3f} [{low:.3f}, {high:.3f}]  ours {left:.4g} theirs {right:.4g}"
    )


def hands(folder="."):
    """Set torch up as the worker does."""
    allocator.fix()
    import torch

    torch.set_num_threads(THREADS)
    torch.set_grad_enabled(False)
    return Hands(torch, Start(THREADS, folder, 60.0))


def rate(made: Hands, task: Task, ready: Ready, samples=3):
    """Return what one visit of the schedule would note: the median of its samples."""
    per_call = made.sample(task, ready, 1, 1).seconds[0]
    calls = calls_for(task.batch_seconds, per_call)
    done = msgspec.structs.replace(task, work=ready.work or task.work)
    return done.value(median(made.sample(task, ready, calls, samples).seconds))


def by_hand(torch, shape, dtype, seconds):
    """Return the rate of a plain loop of products over operands of its own, for some seconds."""
    m, n, k = shape
    x, w = torch.randn(m, k).to(dtype), torch.randn(n, k).to(dtype)
    out = torch.empty(m, n, dtype=dtype)

    def loop():
        calls, began = 0, time.perf_counter()
        while time.perf_counter() - began < seconds:
            torch.mm(x, w.t(), out=out)
            calls += 1
        return 2.0 * m * n * k * calls / (time.perf_counter() - began)

    torch.mm(x, w.t(), out=out)
    return loop


SIDES = (1, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096)


def run_sweep(dtypes, file, most, seconds):
    """Time every product of the sides, then the best twelve longer; goes on where it was cut."""
    made = hands()
    kept = json.loads(file.read_text()) if file.exists() else {}
    until = time.perf_counter() + seconds
    for name in dtypes:
        done = kept.setdefault(name, {"rates": {}, "took": 0.0})
        for shape in itertools.product(SIDES, SIDES, SIDES):
            key = ",".join(map(str, shape))
            if key in done["rates"] or not 1e6 < 2.0 * math.prod(shape) <= most:
                continue
            began = time.perf_counter()
            if began > until:
                print(f"{name}: {len(done['rates'])} shapes so far; go on with the same command")
                return file.write_text(json.dumps(kept))
            done["rates"][key] = by_hand(made.torch, shape, made.dtype(name), 0.1)()
            done["took"] += time.perf_counter() - began
        began = time.perf_counter()
        best = [shape_of(key) for key in sorted(done["rates"], key=done["rates"].get)[-12:]]
        finals = {s: by_hand(made.torch, s, made.dtype(name), 0.3)() for s in best}
        done["took"] += time.perf_counter() - began
        done["winner"] = max(finals, key=finals.get)
        print(f"{name}: {done['winner']} of {len(done['rates'])} in {done['took']:.1f} s")
    return file.write_text(json.dumps(kept))


def shape_of(key):
    """Return a shape from its name in the file."""
    return tuple(map(int, key.split(",")))


class InProcess:
    """A stand that times in this process, and counts what that takes."""

    def __init__(self, made):
        """Keep the hands."""
        self.made, self.ready = made, {}

    def sample(self, task, calls, samples):
        """Time as the worker does."""
        if task.key not in self.ready:
            self.ready[task.key] = matmul.prepare(task, self.made)
        return self.made.sample(task, self.ready[task.key], calls, samples)


def picked(made, name):
    """Let the benchmark choose its shape as it does in a run; return the shape and the seconds."""
    clock = SystemClock()
    place = Place(device="cpu", kind="cpu", torch="cpu", dtypes=(name,), memory_bytes=2**33)
    site = Site(places=(place,), threads=THREADS, folder=".", torch="here")
    silent = Listeners(lambda _: None, lambda _: None)
    session = Session(InProcess(made), clock, Watch(clock), site, silent)
    began = clock.now()
    session.run([matmul], 30.0, thorough=False)
    peak = next(m for m in session.measurements if m.name == "matmul.peak")
    return matmul._shape(peak), clock.now() - began


def run_matmul(dtypes, file):
    """Our peak, at the shape that a run chooses, against the winner of a sweep in a file."""
    made = hands()
    for name in dtypes:
        swept = json.loads(file.read_text())[name]
        winner = tuple(swept["winner"])
        shape, took = picked(made, name)
        share = swept["took"] / took
        print(f"{name}: ours {shape} in {took:.1f} s, sweep {winner} in {share:.0f} times that")
        place = Place(device="cpu", kind="cpu", torch="cpu", dtypes=(name,))
        chosen = matmul._task(place, name, shape, peak=True)
        ready = matmul.prepare(chosen, made)

        def ours(chosen=chosen, ready=ready):
            return rate(made, chosen, ready)

        for label, other in (("same shape, hand loop", shape), ("against the sweep", winner)):
            compare(f"{name} {label}", ours, by_hand(made.torch, other, made.dtype(name), 0.3))


def run_triad(size, count):
    """Our triad against STREAM's, compiled here, with arrays and threads alike."""
    made = hands()
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / "stream_triad"
        source = Path(__file__).with_name("stream_triad.c")
        flags = ["-O3", "-march=native", "-fopenmp"]
        subprocess.run(["gcc", *flags, source, "-o", program], check=True, timeout=60)
        process = subprocess.Popen(
            [program, str(size)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": str(THREADS)},
        )
        process.stdout.readline()

        def theirs():
            rates = []
            for _ in range(4):
                process.stdin.write("\n")
                process.stdin.flush()
                rates.append(float(process.stdout.readline()))
            time.sleep(0.1)  # its threads spin for a while after a pass
            return median(rates[1:])

        place = Place(
            device="cpu", kind="cpu", torch="cpu", memory_bytes=8 * size, cache_bytes=size // 4
        )
        task = memory._task(place, "triad", size, at=True)
        ready = memory.prepare(task, made)

        def ours():
            value = rate(made, task, ready)
            time.sleep(0.1)
            return value

        with process:
            compare(f"triad of {size / 2**20:.0f} MiB arrays", ours, theirs, count)
            process.stdin.close()


def read_once(path):
    """Print the rate of our direct reads of a file, in this process."""
    file, _ = disk_read._open(path)
    offsets = disk_read._offsets(path.stat().st_size)
    buffer = disk_read.scattered(disk_read.BLOCK)
    ready = Ready(call=lambda: os.preadv(file, [buffer], next(offsets)))
    task = Task(
        benchmark="disk_read", name="disk.read", device="disk:0", unit="bytes/s",
        work=float(disk_read.BLOCK), batch_seconds=0.3,
    )  # fmt: skip
    print(rate(Hands(None, Start(1, ".")), task, ready))


def run_disk(folder):
    """Our direct reads against fio's, of one file, with its flags alike.

    Both start a process for each figure, for fio's buffer is what its process happens to get.
    """
    path = Path(folder) / "compare-disk-read"
    flags = {
        "name": "read", "filename": path, "rw": "read", "bs": "1M", "iodepth": 1, "direct": 1,
        "ioengine": "psync", "runtime": "1", "time_based": 1, "output-format": "json",
    }  # fmt: skip
    fio = ["fio", *(f"--{name}={value}" for name, value in flags.items())]

    def output(command):
        done = subprocess.run(command, capture_output=True, check=True, timeout=60)
        return done.stdout

    def theirs():
        return float(json.loads(output(fio))["jobs"][0]["read"]["bw_bytes"])

    def ours():
        return float(output([sys.executable, __file__, "read", "--file", path]))

    try:
        with path.open("xb", buffering=0) as file:
            disk_read._write(file, 800 * 2**20, 10.0)
        compare("disk", ours, theirs)
    finally:
        path.unlink(missing_ok=True)


def main():
    """Run one comparison."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["sweep", "matmul", "triad", "disk", "read"])
    parser.add_argument("--dtypes", nargs="+", default=["fp32", "bf16", "fp16"])
    parser.add_argument("--bytes", type=int, default=4 * 480 * 2**20)
    parser.add_argument("--folder", default=".")
    parser.add_argument(
        "--pairs", type=int, default=PAIRS, help="of triad; more on a host that wanders"
    )
    parser.add_argument("--file", type=Path, default=Path("sweep.json"))
    parser.add_argument("--most", type=float, default=MOST, help="the largest product, in FLOP")
    parser.add_argument("--seconds", type=float, default=600.0, help="cut a sweep after these")
    given = parser.parse_args()
    needs = {"triad": "gcc", "disk": "fio"}.get(given.what)
    if needs and shutil.which(needs) is None:
        sys.exit(f"skipped: {needs} is not installed")
    if given.what == "matmul":
        run_matmul(given.dtypes, given.file)
    elif given.what == "sweep":
        run_sweep(given.dtypes, given.file, given.most, given.seconds)
    elif given.what == "triad":
        run_triad(given.bytes, given.pairs)
    elif given.what == "disk":
        run_disk(given.folder)
    else:
        read_once(given.file)


if __name__ == "__main__":
    main()
