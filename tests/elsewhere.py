"""The program in a process of its own, to see that nothing depends on which process it is."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def in_another_process(arguments, state, *, seed, given=b""):
    """Return what the program prints, with another order of all that is hashed."""
    surroundings = {
        **os.environ,
        "PYTHONHASHSEED": str(seed),
        "MLINFRA_STATE": str(state),
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [sys.executable, "-m", "advisor", *arguments],
        input=given, capture_output=True, env=surroundings, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def turned(value):
    """Return a JSON value with the keys of each object in the opposite order."""
    if isinstance(value, dict):
        return {key: turned(value[key]) for key in reversed(value)}
    return [turned(one) for one in value] if isinstance(value, list) else value
