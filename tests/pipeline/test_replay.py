"""Operators are timed where that would sharpen a prediction, and kept in the store."""

from types import SimpleNamespace

import pytest

from advisor import bench as room
from advisor import book, store
from advisor.constants import ConstantSet
from advisor.estimate import Plan
from advisor.measurement import Measurement
from advisor.operation import conditions_of
from advisor.pipeline import replay
from advisor.pipeline.look import Look
from tests.fakes import measured, profile
from tests.predict.conftest import RULES

PLAN = Plan(phase="inference", place="cpu", dtype="fp32", batch=1)


def timed(op, backward):
    return Measurement(
        name="op", device="cpu", dtype="fp32", value=1e-3, low=0.9e-3, high=1.1e-3, unit="s",
        rounds=5, conditions=conditions_of(op, backward=backward),
    )  # fmt: skip


@pytest.fixture
def bench(monkeypatch):
    """Stand in for the room with the clock: each operator takes a millisecond."""
    asked = []

    def run(machine, wanted, *, place, dtype, seconds, clock, report, keep):
        asked.append((place, dtype, len(wanted)))
        rows = tuple(timed(op, back) for op, back in wanted)
        for row in rows:
            keep(row)
        return SimpleNamespace(measurements=rows)

    monkeypatch.setattr(room, "replay", run)
    monkeypatch.setattr(replay, "see", lambda _look: (None, "k"))
    return asked


def test_operators_are_timed_once_and_kept(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    workload = book.workload("rl", (RULES,))
    constants = {"cpu": book.constants("cpu", (RULES,), ConstantSet)}
    known = profile(
        measurements=(
            measured("matmul.peak", "cpu", 3e11, "FLOP/s", dtype="fp32"),
            measured("memory.triad", "cpu", 2e10, "bytes/s"),
        )
    )
    said = []
    look = Look(say=said.append)
    sharp = replay.sharpened(workload, known, [PLAN], constants, look)
    assert [place for place, *_ in bench] == ["cpu"]
    assert len(said) == 1
    assert {m.name for m in store.load("k")} == {"op"}
    assert len(sharp.measurements) == 2 + bench[0][2]
    assert replay.sharpened(workload, sharp, [PLAN], constants, look) is sharp
    assert len(bench) == 1
