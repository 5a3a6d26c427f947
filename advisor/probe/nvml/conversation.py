"""Talks with the process that asks NVML, and leaves it alone when a call falls silent.

A wedged driver holds its caller in the kernel, where no signal reaches it: so the process is
killed and never waited for. Slow is not wedged: any answer counts as life, and the call that wakes
a device may take longer than the others while the driver works at it.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from advisor.probe.nvml import life
from advisor.probe.nvml.told import WAKE, Answers, gather

CHILD = (sys.executable, "-P", str(Path(__file__).with_name("child.py")))
SLICE = 0.05  # seconds of one wait
LEAVE = 0.1  # seconds that a killed process has to be gone
LINE_BYTES = 64 << 10
LINES = 100_000  # 128 devices of 80 calls, twice, and their pairs
_abandoned: list[subprocess.Popen[bytes]] = []  # kept, so that nobody waits for them


class Patience(msgspec.Struct, frozen=True):
    """Seconds: of silence in a call, while waking shows life, while starting, and in all.

    Waking takes 1-3 s without persistence mode (NVIDIA, "Driver Persistence"); one that shows no
    life has no more patience than any call. ``word`` is when the user hears why nothing happens.
    """

    call: float = 2.0
    wake: float = 3.5
    start: float = 5.0
    word: float = 1.0
    total: float = 15.0


PATIENCE = Patience()


def talk(
    patience: Patience = PATIENCE,
    command: tuple[str, ...] = CHILD,
    say: Callable[[str], None] | None = None,
) -> Answers:
    """Return all that NVML told until it was done, silent, or out of time."""
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is ours to handle
        )
    except OSError:
        return Answers(ended="none")
    try:
        lines, ended = _listen(process, patience, say or _word)
    finally:
        _leave(process)
    return gather(lines, ended)


def _listen(
    process: subprocess.Popen[bytes], patience: Patience, say: Callable[[str], None]
) -> tuple[list[list[object]], str]:
    heard: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(process, heard), daemon=True).start()
    lines: list[list[object]] = []
    waiting: dict[str, str] = {}
    silence = total = 0.0
    before, told = 0, False
    while total < patience.total and len(lines) < LINES:
        raw, waited = _next(heard)
        silence, total = silence + waited, total + waited
        if raw == b"":
            before = before if silence >= patience.call / 2 else life.turns(process.pid)
            working = partial(_working, process.pid, before, lines, waiting)
            if _over(silence, patience, working, started=bool(lines)):
                return lines, "silent"
            if silence >= patience.word and not told:
                told = True
                say(_doing(waiting))
            continue
        if raw is None:
            return lines, "died"
        silence = 0.0
        line = _line(raw)
        if line == ["done"]:
            return lines, "done"
        lines.append(line)
        _note(line, waiting)
    return lines, "time"


def _next(heard: "queue.SimpleQueue[bytes | None]") -> tuple[bytes | None, float]:
    """Return the next line, if one comes within a slice of time, and the seconds it took.

    They are counted as one slice at most: while this process itself is stopped (SIGSTOP, a
    laptop's lid) the driver is not silent.
    """
    before = time.monotonic()
    try:
        raw = heard.get(timeout=SLICE)
    except queue.Empty:
        raw = b""
    return raw, min(time.monotonic() - before, SLICE)


def _read(process: subprocess.Popen[bytes], heard: "queue.SimpleQueue[bytes | None]") -> None:
    """Pass on whole lines; None at the end. A raw read: no lock is held when Python ends."""
    assert process.stdout is not None  # noqa: S101 -- it was opened as a pipe
    descriptor, rest = process.stdout.fileno(), b""
    while len(rest) < LINE_BYTES:
        try:
            piece = os.read(descriptor, LINE_BYTES)
        except OSError:
            break
        if not piece:
            break
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            heard.put(line or b" ")
    heard.put(None)
    process.stdout.close()


def _line(raw: bytes) -> list[object]:
    try:
        line = json.loads(raw)
    except ValueError:  # a library that prints
        return []
    return line if isinstance(line, list) else []


def _note(line: list[object], waiting: dict[str, str]) -> None:
    match line:
        case ["ask", str(subject), str(call)]:
            waiting[subject] = call
        case ["got" | "err", str(subject), *_]:
            waiting.pop(subject, None)


def _over(
    silence: float, patience: Patience, working: Callable[[], bool], *, started: bool
) -> bool:
    """Whether a silence has lasted long enough to give up."""
    if silence < (patience.call if started else patience.start):
        return False
    return silence >= patience.wake or not working()


def _working(pid: int, before: int, lines: list[list[object]], waiting: dict[str, str]) -> bool:
    """Whether devices are being woken by a driver that shows life, if only by all of them."""
    if WAKE not in waiting.values():
        return False
    return life.asleep(lines, waiting) or life.turns(pid) > before


def _doing(waiting: dict[str, str]) -> str:
    if WAKE in waiting.values():
        return (
            "waiting for the NVIDIA driver to wake its GPUs (1-3 s each without persistence mode)"
        )
    call = next(iter(waiting.values()), "NVML")
    return f"waiting for the NVIDIA driver to answer {call}"


def _word(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201 -- the word that a wait owes the user


def _leave(process: subprocess.Popen[bytes]) -> None:
    """Kill it; one that the driver holds does not die of that, and is left as it is."""
    process.kill()
    try:
        process.wait(LEAVE)
    except subprocess.TimeoutExpired:
        _abandoned.append(process)
