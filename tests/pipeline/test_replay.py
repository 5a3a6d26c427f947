"""Operators are timed where that would sharpen a prediction, and kept in the store."""

import math
import random
from types import SimpleNamespace

import msgspec
import pytest

from advisor import bench as room
from advisor import book, store
from advisor.advice import Decision
from advisor.conditions import conditions_of
from advisor.constants import ConstantSet
from advisor.estimate import Estimate, Plan
from advisor.measurement import Measurement, Quality, same
from advisor.operation import work
from advisor.pipeline import recommend, replay
from advisor.pipeline.look import Look
from tests.fakes import MACHINE, measured, profile
from tests.predict.conftest import RULES

PLAN = Plan(phase="inference", place="cpu", dtype="fp32", batch=1)


def timed(op, backward, value=1e-3, dtype="fp32"):
    return Measurement(
        name="op", device="cpu", dtype=dtype, value=value, low=0.9 * value, high=1.1 * value,
        unit="s", rounds=5, conditions=conditions_of(op, backward=backward),
    )  # fmt: skip


def machine():
    """Return a workload, processors' constants, and a machine whose ceilings alone are known."""
    workload = book.workload("rl", (RULES,))
    constants = {"cpu": book.constants("cpu", (RULES,), ConstantSet)}
    known = profile(
        measurements=(
            measured("matmul.peak", "cpu", 3e11, "FLOP/s", dtype="fp32"),
            measured("memory.triad", "cpu", 2e10, "bytes/s"),
        )
    )
    return workload, constants, known


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
    workload, constants, known = machine()
    said = []
    look = Look(say=said.append)
    sharp = replay.sharpened(workload, known, [[PLAN]], constants, look)
    assert [place for place, *_ in bench] == ["cpu"]
    assert len(said) == 1
    assert {m.name for m in store.load("k")} == {"op"}
    assert len(sharp.measurements) == 2 + bench[0][2]
    assert replay.sharpened(workload, sharp, [[PLAN]], constants, look) is sharp
    assert len(bench) == 1


def test_what_is_timed_for_many_plans_is_told_in_one_line(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    workload = book.workload("rl", (RULES,))
    constants = {"cpu": book.constants("cpu", (RULES,), ConstantSet)}
    rate = measured("matmul.peak", "cpu", 3e11, "FLOP/s", dtype="fp32")
    plans = [[msgspec.structs.replace(PLAN, batch=batch) for batch in (1, 8, 32)]]
    said: list[str] = []
    known = profile(measurements=(rate, measured("memory.triad", "cpu", 2e10, "bytes/s")))
    replay.sharpened(workload, known, plans, constants, Look(say=said.append))
    (line,) = said
    count = sum(count for _, _, count in bench)
    assert line == f"timing {count} operators of rl in 3 plans"


def chosen(batch, replayed):
    return Decision(
        phase="inference",
        chosen=Estimate(
            plan=msgspec.structs.replace(PLAN, batch=batch, compiled=True), throughput=None,
            seconds=None, memory_bytes=None, memory_available=None, bound=None, replayed=replayed,
        ),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "replayed", "batches"),
    [(True, 0.0, [2, 8, 32]), (False, 0.0, [4]), (True, 0.9, None), (False, 0.9, None)],
)
def test_the_grid_is_timed_first_then_the_chosen_until_it_was(first, replayed, batches):
    workload = book.workload("rl", (RULES,))
    workload = msgspec.structs.replace(workload, batches=(1, 2, 4, 8, 16, 32, 64))
    found = list(replay.nominated([chosen(4, replayed)], workload, first=first))
    assert [[plan.batch for plan in plans] for plans in found] == ([batches] if batches else [])
    assert not any(plan.compiled for plans in found for plan in plans)


def test_of_a_batch_that_was_asked_for_itself_is_timed():
    workload = msgspec.structs.replace(book.workload("rl", (RULES,)), batches=(4,))
    (plans,) = replay.nominated([chosen(4, 0.0)], workload, first=True)
    assert [plan.batch for plan in plans] == [4]


class Timer:
    """A machine on which operators take the seconds of their work, give or take some percent."""

    def __init__(self, seed):
        self.random, self.kept, self.asked = random.Random(seed), {}, []
        rows = [("matmul.peak", 2e11, "FLOP/s", "fp32"), ("matmul.peak", 8e11, "FLOP/s", "bf16")]
        rows = [measured(name, "cpu", self._off(0.03) * value, unit, dtype=dtype)
                for name, value, unit, dtype in rows]  # fmt: skip
        copy = measured("memory.copy", "cpu", self._off(0.03) * 2e10, "bytes/s")
        alone = msgspec.structs.replace(MACHINE, devices=())
        self.profile = profile(machine=alone, measurements=(*rows, copy))

    def _off(self, spread):
        return math.exp(self.random.gauss(0.0, spread))

    def look(self, _look):
        return msgspec.structs.replace(
            self.profile, measurements=(*self.profile.measurements, *self.kept.values())
        )

    def replay(self, machine, wanted, *, place, dtype, **_more):
        self.asked += wanted
        rows = []
        for op, back in wanted:
            done = work(op)
            rate = {"fp32": 1.5e11, "bf16": 5e11}[dtype]
            size = {"fp32": 4, "bf16": 2}[dtype]
            seconds = 8e-6 + done.flops / rate + size * done.elements / 1.5e10
            rows.append(timed(op, back, seconds * (1 + back) * self._off(0.03), dtype))
        self.kept |= {same(row): row for row in rows}
        return SimpleNamespace(measurements=rows)


@pytest.fixture
def answered(monkeypatch, tmp_path):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))

    def run(seed, workload, times):
        machine = Timer(seed)
        monkeypatch.setattr(recommend, "probe", machine.look)
        monkeypatch.setattr(room, "replay", machine.replay)
        monkeypatch.setattr(replay, "see", lambda _look: (None, "k"))
        found = []
        for _ in range(times):
            machine.asked.clear()
            question = recommend.Question(workload=workload, look=Look(), replay=True)
            report = recommend.recommend(question, None)
            told = {phase: answer.chosen.id for phase, answer in report.plans.items()}
            found.append((told, len(machine.asked)))
        return found

    return run


@pytest.mark.parametrize("workload", ["cnn-mobile", "rl"])
def test_the_second_answer_times_nothing_and_is_the_first(answered, workload):
    (first, timed_first), (second, timed_second) = answered(1, workload, 2)
    assert timed_first > 20
    assert (second, timed_second) == (first, 0)


def test_fresh_machines_of_one_kind_hear_one_answer(answered):
    heard = [answered(seed, "cnn", 1)[0][0] for seed in range(4)]
    assert heard == [heard[0]] * 4


def test_what_was_disturbed_is_timed_anew_and_the_rest_kept(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    workload, constants, known = machine()
    look = Look(say=lambda _: None)

    def sharpen(profile):
        return replay.sharpened(workload, profile, [[PLAN]], constants, look)

    sharp = sharpen(known)
    assert replay.refreshed(sharp, sharpen) is sharp
    loaded = msgspec.structs.replace(
        sharp,
        measurements=tuple(
            msgspec.structs.replace(m, quality=Quality.SUSPECT, cause="load")
            for m in sharp.measurements
        ),
    )
    again = replay.refreshed(loaded, sharpen)
    assert len(bench) == 2
    assert len(again.measurements) == len(sharp.measurements)
    assert {m.quality for m in again.measurements if m.name == "op"} == {"valid"}
    assert {m.quality for m in again.measurements if m.name != "op"} == {"suspect"}
    assert list(replay.nominated([chosen(4, 0.9)], workload, first=False, anew=True))
