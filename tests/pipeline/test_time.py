"""Every figure is kept the moment it stands, also where a run ends early or cannot store."""

import pytest

from advisor import bench as room
from advisor import runs, store
from advisor.machine import Gap
from advisor.pipeline.look import Look, host, probe, see
from advisor.pipeline.saved import read_profile
from advisor.pipeline.time import Keeper, bench, benchmarks, earlier
from tests.fakes import measured

FAST = measured("matmul.peak", "cpu", 3e11, "FLOP/s", dtype="fp32")


@pytest.fixture(autouse=True)
def state(tmp_path, monkeypatch):
    monkeypatch.setenv("MLINFRA_STATE", str(tmp_path))
    return tmp_path


def ends_in(error: BaseException | None):
    """A bench that keeps one figure, and then ends well or not."""

    def run(_machine, *, keep, **_options):
        keep(FAST)
        keep(FAST)
        if error:
            raise error
        return room.Outcome((FAST,), (Gap("measurements.disk", "no disk", ""),))

    return run


def test_what_was_timed_is_in_the_profile_and_in_the_next_probe(monkeypatch):
    monkeypatch.setattr(room, "run", ends_in(None))
    profile = bench(Look(), 1, None, lambda _progress: None)
    assert profile.measurements == (FAST,)
    assert "measurements.disk" in {gap.what for gap in profile.machine.gaps}
    assert probe(Look()).measurements == (FAST,)


def test_the_whole_run_is_kept_for_comparison(monkeypatch):
    monkeypatch.setattr(room, "run", ends_in(None))
    profile = bench(Look(), 1, None, lambda _progress: None)
    (path,) = runs.kept(host())
    assert read_profile(path) == profile


@pytest.mark.parametrize("error", [KeyboardInterrupt(), MemoryError()])
def test_an_interrupt_keeps_what_was_measured(monkeypatch, error):
    monkeypatch.setattr(room, "run", ends_in(error))
    with pytest.raises(type(error)):
        bench(Look(), 1, None, lambda _progress: None)
    assert probe(Look()).measurements == (FAST,)
    assert error.__notes__ == ["1 figure kept"]


def test_a_store_that_cannot_be_written_is_said_once(state, monkeypatch):
    blocked = state / "file"
    blocked.write_text("")
    monkeypatch.setenv("MLINFRA_STATE", str(blocked))
    said: list[str] = []
    keeper = Keeper("k", said.append)
    keeper(FAST)
    keeper(FAST)
    assert keeper.kept == [FAST, FAST]
    assert len(said) == 1
    assert "not kept" in said[0]
    with pytest.raises(KeyboardInterrupt) as ended, keeper:
        raise KeyboardInterrupt
    assert ended.value.__notes__ == ["0 figures kept"]
    assert "MLINFRA_STATE" in said[0]


def test_a_run_hears_of_the_last_ones_of_the_same_hardware_and_software(monkeypatch):
    heard = []

    def run(_machine, *, keep, earlier, **_options):
        heard.append(sorted(m.value for m in earlier))
        taken = f"2026-01-01T00:01:{len(heard):02}Z"
        keep(measured("matmul.peak", "cpu", 1e11 + len(heard), "FLOP/s", dtype="fp32", taken=taken))
        keep(measured("matmul", "cpu", 1e10, "FLOP/s", dtype="fp32"))
        return room.Outcome((), ())

    monkeypatch.setattr(room, "run", run)
    taken = iter(f"2026-01-01T00:00:{second:02}Z" for second in range(60))
    monkeypatch.setattr("advisor.pipeline.time.now", lambda: next(taken))
    for _ in range(8):
        bench(Look(), 1, None, lambda _progress: None)
    assert heard[0] == []
    assert heard[7] == [1e11 + n for n in (1, 2, 3, 4, 5, 6, 7)]
    machine, key = see(Look())
    runs.kept(host())[-1].write_text("damaged")
    assert [m.value - 1e11 for m in earlier(key, machine)] == [7, 6, 5, 4, 3, 2, 1]
    assert earlier("a driver later", machine) == ()


def test_benchmarks_are_listed_with_titles():
    listed = dict(benchmarks())
    assert {"matmul", "memory", "disk_read"} <= set(listed)
    assert all(listed.values())


def test_a_new_figure_replaces_the_stored_one(monkeypatch):
    _machine, key = see(Look())
    store.keep(key, [measured("matmul.peak", "cpu", 1e11, "FLOP/s", dtype="fp32")])
    monkeypatch.setattr(room, "run", ends_in(None))
    assert [m.value for m in bench(Look(), 1, None, lambda _p: None).measurements] == [3e11]
