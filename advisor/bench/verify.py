"""Runs a network in a process of its own, so that a crash, a leak or a hang stays there."""

import os
import re
import subprocess
import sys
from pathlib import Path

import msgspec

from advisor.bench.runner import Errand, Ran
from advisor.bench.task import TaskError

# Loading torch, building a network and its first passes; a cold disk was seen to take a minute.
SETUP_SECONDS = 180.0
_PACKAGE_PARENT = Path(__file__).parents[2]
_MOST_WORDS = 300


def run_network(errand: Errand, *, limit: float = SETUP_SECONDS) -> Ran:
    """Run an errand within ``limit`` seconds besides those it times; raise `TaskError` if it fails.

    The process imports and runs what ``errand.network`` names: the user's own code, if it is.
    """
    places = [str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")]
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, places)),
        "OMP_NUM_THREADS": str(errand.threads),
        "MKL_NUM_THREADS": str(errand.threads),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "advisor.bench.runner"],
            input=msgspec.json.encode(errand), capture_output=True, env=environment,
            timeout=limit + errand.seconds, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        raise TaskError(f"{errand.network} was silent for {limit:g} s, and abandoned") from None
    if done.returncode:
        raise TaskError(f"{errand.network}: {_last_words(done.stderr, done.returncode)}")
    return msgspec.json.decode(done.stdout, type=Ran)


# How Python prints what ended it; torch.compile adds advice to its developers after it.
_RAISED = re.compile(r"^[\w.]*(Error|Exception|Exit)\b")


def _last_words(errors: bytes, code: int) -> str:
    """Return the line that says what went wrong: the last exception, else the last line."""
    lines = errors.decode(errors="replace").strip().splitlines()
    if not lines:
        killed = f"killed by signal {-code}" if code < 0 else f"exit code {code}"
        return f"no word, {killed}" + (": out of memory?" if code == -9 else "")
    raised = [line for line in lines if _RAISED.match(line)]
    last = (raised or lines)[-1][:_MOST_WORDS]
    return "".join(c if c.isprintable() else " " for c in last)
