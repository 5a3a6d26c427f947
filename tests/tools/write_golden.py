"""Writes tests/golden: ten machines written from facts, and what `recommend` says of them.

Run: python tests/tools/write_golden.py; then read each output that changed, as its user would.
"""

import sys
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from advisor.pipeline.look import Look
from advisor.pipeline.recommend import Question, recommend
from advisor.profile import Profile
from advisor.render import Style, render
from tests.tools.golden_machines import MACHINES

FOLDER = Path(__file__).parents[1] / "golden"


def saved(profile: Profile) -> bytes:
    """Return a profile as its file holds it."""
    return msgspec.json.format(msgspec.json.encode(profile), indent=1) + b"\n"


def said(machine: str, workload: str) -> str:
    """Return what is said of a saved machine, as on a screen of 80 columns."""
    look = Look(profile=FOLDER / f"{machine}.json")
    report = recommend(Question(workload=workload, look=look), _never)
    return render(report, "table", Style()) + "\n"


def _never() -> Profile:
    raise AssertionError("a saved machine is not timed")


def main() -> None:
    """Write all profiles and outputs anew."""
    FOLDER.mkdir(exist_ok=True)
    for old in [*FOLDER.glob("*.json"), *FOLDER.glob("*.txt")]:
        old.unlink()
    for name, (build, workloads) in MACHINES.items():
        (FOLDER / f"{name}.json").write_bytes(saved(build()))
        for workload in workloads:
            (FOLDER / f"{name}.{workload}.txt").write_text(said(name, workload))


if __name__ == "__main__":
    main()
