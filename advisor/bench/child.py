"""The tool's end of the worker process: every request has a time limit, and silence ends it."""

import contextlib
import math
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

import msgspec

from advisor.bench.messages import Broken, Reply, Request, Start, Survey, Take, Taken
from advisor.bench.task import Sample, Task, TaskError
from advisor.errors import AdvisorError, Exit

# Loading torch from a cold network disk was seen to take tens of seconds.
START_SECONDS = 120.0
# Setting up a benchmark may fault gigabytes in, or compile a kernel.
FIRST_SECONDS = 60.0
LATER_SECONDS = 20.0
# However short a run is: the first call of a GPU library may load its kernels from a slow disk.
LEAST_SECONDS = 10.0
_LAST_SECONDS = 2.0
# Silence is counted in polls this long. While we are stopped ourselves (Ctrl-Z, a guest that stands
# still) the clock goes on, but no poll begins: that time does not count against the worker. A poll
# that is late by this much was stopped; a loaded system wakes us within milliseconds.
_POLL_SECONDS = 0.25
_STOPPED_SECONDS = 2.0
_PACKAGE_PARENT = Path(__file__).parents[2]


class Child:
    """A `Stand` in a process of its own; it is left behind when a request goes silent."""

    def __init__(self, start: Start, *, pin: bool = False) -> None:
        """Start the process lazily; ``pin`` binds its threads to cores."""
        self._start = start
        self._pin = pin
        self._process: subprocess.Popen[bytes] | None = None
        self._lines: queue.Queue[bytes] = queue.Queue()
        self._errors: IO[bytes] | None = None
        self._seen: set[str] = set()
        self.stood_still: Callable[[float], None] = lambda _seconds: None

    def survey(self) -> Survey:
        """Start the worker and ask what it has; without torch if loading torch ends it.

        Raises:
            AdvisorError: there is no answer even then.
        """
        try:
            return self._survey()
        except TaskError as failure:
            raise AdvisorError(
                "start the process that times this machine",
                failure.why,
                remedy="run it again when less else is running",
                code=Exit.BROKEN,
            ) from failure

    def _survey(self) -> Survey:
        try:
            return self._begin()
        except TaskError as failure:
            if not self._start.with_torch:
                raise
            self._start = msgspec.structs.replace(self._start, with_torch=False)
            return msgspec.structs.replace(self._begin(), why=failure.why)

    def _begin(self) -> Survey:
        self._launch()
        reply = self._ask(self._start, START_SECONDS)
        if not isinstance(reply, Survey):
            raise TaskError("the worker process did not start as it should")
        return reply

    def sample(self, task: Task, calls: int, samples: int) -> Sample:
        """Time a task in the worker, which is started again if an earlier request ended it."""
        if self._process is None:
            self._survey()
        reply = self._ask(Take(task, calls, samples), self._patience(task))
        self._seen.add(task.key)
        if isinstance(reply, Taken):
            return reply.sample
        if isinstance(reply, Broken):
            raise TaskError(reply.why, remedy=reply.remedy, lost=reply.lost)
        raise TaskError("the worker process gave an answer to something else")

    def _patience(self, task: Task) -> float:
        """Return how long a request may take: in a short run, not many times the run."""
        most = LATER_SECONDS if task.key in self._seen else FIRST_SECONDS
        return min(most, max(self._start.seconds, LEAST_SECONDS))

    def close(self) -> None:
        """End the worker; one that cannot be killed is left behind, never waited for."""
        process, self._process = self._process, None
        if process is None:
            return
        _kill(process)
        with contextlib.suppress(subprocess.TimeoutExpired):  # stuck in the kernel
            process.wait(timeout=_LAST_SECONDS)
            self._reader.join(timeout=_LAST_SECONDS)
        for stream in (process.stdin, self._errors):
            if stream is not None:
                with contextlib.suppress(OSError):  # what was not yet sent, nobody reads
                    stream.close()

    def _launch(self) -> None:
        self.close()
        self._seen.clear()
        self._lines = queue.Queue()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - lives as long as the worker
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "advisor.bench.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            env=self._environment(),
            start_new_session=True,  # an interrupt is for us; we then end the worker ourselves
        )
        args = (self._process.stdout, self._lines)
        self._reader = threading.Thread(target=_drain, args=args, daemon=True)
        self._reader.start()

    def _environment(self) -> dict[str, str]:
        """Threads are set before any library reads them; the package is found as we found it."""
        places = [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
        mine = {
            "PYTHONPATH": os.pathsep.join(filter(None, places)),
            "OMP_NUM_THREADS": str(self._start.threads),
            "MKL_NUM_THREADS": str(self._start.threads),
        }
        pins = {"OMP_PROC_BIND": "spread", "OMP_PLACES": "cores"} if self._pin else {}
        return {**os.environ, **mine, **pins}

    def _ask(self, request: Request, seconds: float) -> Reply:
        process = self._process
        if process is None or process.stdin is None:
            raise TaskError("the worker process is gone")
        try:
            process.stdin.write(msgspec.json.encode(request) + b"\n")
            process.stdin.flush()
            line = self._line(seconds)
        except queue.Empty:
            self.close()
            raise TaskError(f"silent for {seconds:g} s, and abandoned", lost=True) from None
        except OSError:
            line = b""
        if not line:
            words = self._last_words()
            self.close()
            raise TaskError(f"the worker process ended: {words}", lost=True)
        reply: Reply = msgspec.json.decode(line, type=Reply)
        return reply

    def _line(self, seconds: float) -> bytes:
        """Return the next reply; raise `queue.Empty` after so many seconds that we waited awake."""
        for _ in range(math.ceil(seconds / _POLL_SECONDS) - 1):
            with contextlib.suppress(queue.Empty):
                return self._poll(_POLL_SECONDS)
        return self._poll(min(seconds, _POLL_SECONDS))

    def _poll(self, seconds: float) -> bytes:
        """Wait once for a reply, and tell if we were stopped meanwhile."""
        began = time.perf_counter()
        try:
            return self._lines.get(timeout=seconds)
        finally:
            late = time.perf_counter() - began - seconds
            if late > _STOPPED_SECONDS:
                self.stood_still(late)

    def _last_words(self) -> str:
        if self._errors is None:
            return "no word"
        self._errors.seek(0)
        lines = self._errors.read(100_000).decode(errors="replace").strip().splitlines()
        last = lines[-1][:300] if lines else "no word"
        return "".join(c if c.isprintable() else " " for c in last)


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill the worker and the helpers that it started, which share its session."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    else:
        process.kill()


def _drain(stream: IO[bytes], lines: queue.Queue[bytes]) -> None:
    """Move replies from the pipe to the queue, which can be waited for with a limit."""
    with stream:
        for line in stream:
            lines.put(line)
    lines.put(b"")
