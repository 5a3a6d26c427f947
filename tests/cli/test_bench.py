"""`mlinfra bench` lists, refuses what it does not know, and prints a profile."""

import json

import pytest

from advisor import bench as room
from advisor.cli import guard


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))


def test_list(capsys):
    assert guard.run(["bench", "--list"]) == 0
    assert "matmul" in capsys.readouterr().out


def test_an_unknown_benchmark_names_the_nearest(capsys):
    assert guard.run(["bench", "matmull"]) == 2
    assert "did you mean matmul?" in capsys.readouterr().err


def test_every_figure_has_its_width_and_what_is_missing_a_reason(capsys):
    code = guard.run(["bench", "memory", "--time", "4s", "--format", "json"])
    told = json.loads(capsys.readouterr().out)
    assert code == (0 if told["measurements"] else 4)
    assert all(0 < m["low"] <= m["value"] <= m["high"] for m in told["measurements"])
    timed = {f"measurements.{m['name']}.{m['device']}" for m in told["measurements"]}
    missed = {gap["what"] for gap in told["machine"]["gaps"] if gap["why"]}
    assert "measurements.memory.copy.cpu" in timed | missed


def test_a_used_device_is_timed_only_when_told(capsys, monkeypatch):
    asked = []

    def run(_machine, *, busy_too, **_options):
        asked.append(busy_too)
        return room.Outcome((), ())

    monkeypatch.setattr(room, "run", run)
    guard.run(["bench", "--time", "1s"])
    guard.run(["bench", "--time", "1s", "--busy-too"])
    assert asked == [False, True]
