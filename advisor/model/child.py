"""Reads what is not ours in a process of its own, within limits of time and memory."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Literal

import msgspec

from advisor.errors import AdvisorError
from advisor.workload import Workload

# Loading torch takes seconds, a cold disk a minute; tracing the largest networks less.
SECONDS = 180.0
_PACKAGE_PARENT = Path(__file__).parents[2]
_MOST_WORDS = 300
# torch alone asks for one or two GiB; half of what is free is left to others.
_LEAST_BYTES = 4 * 2**30


class Errand(msgspec.Struct, frozen=True):
    """What to read (``package.module:factory``, or a file), with which bytes and seconds."""

    form: Literal["factory", "onnx"]
    name: str
    bytes: int
    seconds: float
    sequence: int | None = None


class Traced(msgspec.Struct, frozen=True, omit_defaults=True):
    """What came of it: a workload, or what is wrong and what to do."""

    workload: Workload | None = None
    wrong: str = ""
    remedy: str = ""


def traced(name: str, *, seconds: float = SECONDS) -> Workload:
    """Trace what ``package.module:factory`` returns; this runs the user's code.

    The module is looked for in the working folder first, then where Python looks.

    Raises:
        AdvisorError: there is no such function, it fails, or it exceeds its limits.
    """
    return _answered(Errand("factory", name, _bytes(), seconds))


def exchanged(path: Path, sequence: int | None = None, *, seconds: float = SECONDS) -> Workload:
    """Read an ONNX file.

    Raises:
        AdvisorError: it cannot be read, or reading it exceeds the limits.
    """
    return _answered(Errand("onnx", str(path), _bytes(), seconds, sequence))


def _answered(errand: Errand) -> Workload:
    attempted = f"{_VERBS[errand.form]} {errand.name}"
    places = [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "advisor.model.tracing"],
            input=msgspec.json.encode(errand), capture_output=True, env=environment,
            timeout=errand.seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise AdvisorError(attempted, f"it was not done within {errand.seconds:g} s") from None
    if done.returncode:
        raise AdvisorError(attempted, _last_words(done.stderr, done.returncode))
    found = msgspec.msgpack.decode(done.stdout, type=Traced)
    if found.workload is None:
        raise AdvisorError(attempted, found.wrong, remedy=found.remedy)
    return found.workload


_VERBS = {"factory": "trace", "onnx": "read"}


def _bytes() -> int:
    return max(_free() // 2, _LEAST_BYTES)


def _free() -> int:
    """Return the bytes of memory that nobody uses; 0 where the system does not say."""
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return 0


def _last_words(errors: bytes, code: int) -> str:
    lines = errors.decode(errors="replace").strip().splitlines()
    last = "".join(c if c.isprintable() else " " for c in lines[-1][:_MOST_WORDS]) if lines else ""
    how = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
    return f"its process ended early, {how}" + (f": {last}" if last else "")
