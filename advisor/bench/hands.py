"""The worker's hands: torch set up on purpose, input pools, and the timing of one batch."""

import gc
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

from advisor.bench.accelerators import TORCH_NAMES
from advisor.bench.arrays import Blocks
from advisor.bench.messages import Start
from advisor.bench.strain import Strain
from advisor.bench.task import Ready, Sample, Task
from advisor.bench.wash import SHORT, Wash

# Inputs are random normals, always the same ones (zeros run up to 15 % faster on some GPUs).
SEED = 20260101
# So many are drawn, a prime number: rows of a matrix that repeat them do not line up.
_DRAWN = 1_000_003
_EMPTY_CALLS = 20_000
# A batch is cut short at so many times its length: someone else has the processor.
_PATIENCE = 5.0
# Washing takes as long as a visit to a point: some do, with one between, so that what a visit
# usually costs is known without. A stream does not displace all of a cache each time, and a host's
# memory is faster at times: their median counts.
_WASHED_VISITS = (1, 3, 5)


class Hands:
    """What plug-ins make their callables with, in the process that times them."""

    def __init__(self, torch: Any, start: Start) -> None:
        """Keep torch (None where it is missing), and measure what an empty call costs."""
        self.torch = torch
        self.threads = start.threads
        self.folder = start.folder
        self.setup_seconds = start.setup_seconds
        self._pools: dict[tuple[str, str, str], Any] = {}
        self._blocks: Blocks | None = None
        self._wash_bytes = start.wash_bytes
        self._wash: Wash | None = None
        self._visits: Counter[str] = Counter()
        self._overhead = _batch(_nothing, _EMPTY_CALLS, 1.0)[0] / _EMPTY_CALLS
        self._longest = 1.0
        self._strain = Strain()

    def dtype(self, name: str) -> Any:
        """Return torch's own value for a dtype of ours."""
        return getattr(self.torch, TORCH_NAMES[name])

    def module(self, device: str) -> Any:
        """Return torch's module for a device such as ``cuda:0``."""
        return getattr(self.torch, device.partition(":")[0])

    def normal(self, role: str, count: int, dtype: str, device: str) -> Any:
        """Return a flat tensor of ``count`` seeded normals, a view of a pool shared by all shapes.

        ``role`` keeps the operands of one call apart.
        """
        key = (role, dtype, device)
        pool = self._pools.get(key)
        if pool is None or pool.numel() < count:
            pool = self._pools[key] = self._filled(count, dtype, device)
        return pool[:count]

    def _filled(self, count: int, dtype: str, device: str) -> Any:
        """Repeat some draws: to draw all of a large pool takes a second, to copy it a tenth."""
        torch = self.torch
        generator = torch.Generator(device=device).manual_seed(SEED)
        if dtype == "int8":
            options = {"dtype": torch.int8, "device": device, "generator": generator}
            drawn = torch.randint(-127, 128, (min(count, _DRAWN),), **options)
        else:
            drawn = torch.randn(min(count, _DRAWN), device=device, generator=generator)
            drawn = drawn.to(self.dtype(dtype))
        return drawn.repeat(-(-count // drawn.numel()))[:count]

    def blocks(self, size: int) -> Blocks:
        """Return three blocks of host memory, made once, of ``size`` bytes each if time allows."""
        if self._blocks is None:
            self._blocks = Blocks(3, size, self.threads, self.setup_seconds)
        return self._blocks

    def sample(self, task: Task, ready: Ready, calls: int, n: int) -> Sample:
        """Time the first call, then ``n`` batches; a batch of one call takes the first as well."""
        helper = ready.helper_seconds or _none
        used = time.process_time() + helper()
        self._set(task)
        self._longest = _PATIENCE * task.batch_seconds
        device = task.torch or "cpu"
        timed = self._wall if device == "cpu" or task.wall else self._events
        gc.disable()
        self._strain.since()
        began = time.perf_counter()
        try:
            first, apart = timed(ready.call, 1, device)
            pairs = [timed(ready.call, calls, device) for _ in range(n - (calls == 1))]
            cold = self._cold(task, ready) if task.washed and first < SHORT else None
        finally:
            gc.enable()
        took = time.perf_counter() - began
        waited, stolen = self._strain.since()
        seconds = [pair[0] for pair in pairs] + ([first] if calls == 1 else [])
        return Sample(
            took=took,
            waited=waited,
            stolen=stolen,
            seconds=tuple(seconds),
            first=first,
            cold=cold,
            cpu_seconds=time.process_time() + helper() - used,
            disagreement=max([pair[1] for pair in pairs], default=apart),
            work=ready.work,
            conditions=ready.conditions,
            doubt=ready.doubt,
        )

    def _cold(self, task: Task, ready: Ready) -> float | None:
        """Return the seconds of a call whose operands and code were washed out of the caches."""
        self._visits[task.key] += 1
        if not self._wash_bytes or self._visits[task.key] not in _WASHED_VISITS:
            return None
        self._wash = self._wash or Wash(self.torch, self._wash_bytes)
        self._wash(written=task.trains)
        return self._wall(ready.call, 1, "")[0]

    def _set(self, task: Task) -> None:
        """Set explicitly what would else depend on the process: TF32 is a dtype of its own."""
        if self.torch is not None:
            tf32 = task.dtype == "tf32"
            self.torch.set_float32_matmul_precision("high" if tf32 else "highest")
            self.torch.backends.cudnn.allow_tf32 = tf32

    def _wall(self, call: Callable[[], object], calls: int, _: str) -> tuple[float, float]:
        """Return the seconds of a call by the wall clock."""
        seconds, done = _batch(call, calls, self._longest)
        return max(seconds / done - self._overhead, 1e-9), 0.0

    def _events(self, call: Callable[[], object], calls: int, device: str) -> tuple[float, float]:
        """Return a call's seconds by the device's events, and how far the wall clock was off."""
        module = self.module(device)
        start, end = (module.Event(enable_timing=True) for _ in range(2))
        module.synchronize()
        began = time.perf_counter()
        start.record()
        for _ in range(calls):
            call()
        end.record()
        module.synchronize()
        wall = time.perf_counter() - began
        seconds = start.elapsed_time(end) / 1e3
        return max(seconds / calls, 1e-9), abs(seconds / wall - 1)


def _nothing() -> None:
    pass


def _none() -> float:
    return 0.0


def _batch(call: Callable[[], object], calls: int, longest: float) -> tuple[float, int]:
    """Make so many calls, fewer if they take far too long; return the seconds and the calls made.

    The clock is read after 1, 2, 4, 8 … calls, which costs nothing beside a batch.
    """
    done, began = 0, time.perf_counter()
    while True:
        step = min(max(done, 1), calls - done)
        for _ in range(step):
            call()
        done += step
        seconds = time.perf_counter() - began
        if done == calls or seconds > longest:
            return seconds, done
