import re
from collections import Counter
from types import SimpleNamespace as Plugin

import pytest

from advisor.bench import session
from advisor.bench.clock import SystemClock
from advisor.bench.micro import attention, conv, matmul, memory, ops
from advisor.bench.session import Listeners, Session
from advisor.bench.task import Place, Site, TaskError
from advisor.conditions import timed_op
from advisor.errors import AdvisorError
from advisor.machine import Cpu, Disk, Gap, Machine, Memory
from advisor.measurement import Quality
from advisor.operation import work
from tests.bench.fakes import FakeClock, FakeReader, FakeStand, task

SITE = Site(
    places=(
        Place(device="cpu", kind="cpu", torch="cpu"),
        Place(device="gpu:0", kind="cuda", hardware="GPU-1"),
    ),
    threads=2,
    folder=".",
)


def plugin(tasks=(), headline=()):
    return Plugin(
        tasks=lambda site: iter(tasks),
        headline=lambda site, measured: iter(headline),
    )


def run(plugins, costs, seconds=30.0, failures=None, thorough=False):
    clock = FakeClock()
    stand = FakeStand(clock, costs, failures)
    told, kept = [], []
    made = Session(stand, clock, FakeReader(clock), SITE, Listeners(told.append, kept.append))
    made.common = {"threads": 2}
    made.run(plugins, seconds, thorough=thorough)
    return made, told, kept, clock


def test_every_figure_is_kept_as_it_stands():
    made, told, kept, _ = run([plugin([task("a")], [task("b")])], {"a": 0.01, "b": 0.01})
    assert kept == made.measurements
    assert [m.name for m in kept] == ["a", "b"]
    assert all(m.quality is Quality.VALID for m in kept)
    assert kept[0].conditions["threads"] == 2
    last = told[-1]
    assert (last.name, last.device, last.fraction) == ("b", "cpu", 1.0)
    assert last.low < last.value < last.high


def test_headline_figures_build_on_the_surface():
    seen = []

    def headline(site, measured):
        seen.extend(m.name for m in measured)
        return iter(())

    both = Plugin(tasks=lambda site: iter([task("a")]), headline=headline)
    run([both], {"a": 0.01})
    assert seen == ["a"]


def test_gaps_of_plug_ins_are_passed_on():
    gap = Gap("measurements.disk.read", "no room", "free some")
    made, _, _, _ = run([plugin([], [gap, task("a")])], {"a": 0.01})
    assert made.gaps == [gap]
    assert [m.name for m in made.measurements] == ["a"]


def test_surfaces_leave_time_for_the_headline():
    many = [task("a", conditions={"m": m}) for m in range(100)]
    made, _, _, clock = run([plugin(many, [task("b")])], {"a": 0.1, "b": 0.1}, seconds=10)
    assert "b" in {m.name for m in made.measurements}
    assert clock.now() <= 10
    assert "of its shapes do not fit" in made.gaps[0].why


def test_thorough_takes_more_rounds_and_narrower_intervals():
    noisy = {"a": lambda seen: 0.1 + 0.004 * (seen % 3)}
    quick = run([plugin([], [task("a")])], noisy, seconds=600)[0].measurements[0]
    slow = run([plugin([], [task("a")])], noisy, seconds=600, thorough=True)[0].measurements[0]
    assert slow.rounds >= quick.rounds
    assert slow.high - slow.low <= quick.high - quick.low


def test_hardware_is_noted_where_the_device_has_an_identity():
    made, _, _, _ = run([plugin([], [task("a", device="gpu:0", hardware="GPU-1")])], {"a": 0.01})
    assert made.measurements[0].hardware == "GPU-1"


def test_a_failure_is_a_gap_and_the_rest_is_kept():
    failures = {"b": (1, TaskError("out of memory", remedy="close programs"))}
    both = [plugin([], [task("a"), task("b")])]
    made, _, kept, _ = run(both, {"a": 0.01, "b": 0.01}, failures=failures)
    assert [m.name for m in kept] == ["a"]
    assert made.gaps == [Gap("measurements.b.cpu", "out of memory", "close programs")]


def everything(tmp_path, monkeypatch, **changes):
    """Run for real, in a worker that finds no torch."""
    (tmp_path / "torch.py").write_text("raise ImportError('No module named torch')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr("advisor.bench.micro.disk_read.MOST_BYTES", 16 * 2**20)
    monkeypatch.setattr("advisor.bench.micro.memory._LEAST_BYTES", 16 * 2**20)
    machine = Machine(
        cpu=Cpu(cores=1, l3_bytes=2**20),
        memory=Memory(available_bytes=2**30),
        disks=(Disk("disk:0", str(tmp_path), free_bytes=2**40),),
    )
    kept = []
    options = {"names": None, "seconds": 4.0, "report": lambda _: None, "keep": kept.append}
    clock = SystemClock()
    return session.run(machine, clock=clock, **{**options, **changes}), kept


def test_without_torch_the_host_is_still_timed(tmp_path, monkeypatch):
    names = ("matmul", "memory", "disk_read")
    outcome, kept = everything(tmp_path, monkeypatch, names=names)
    assert {m.name for m in outcome.measurements} == {"memory.copy", "memory.fresh", "disk.read"}
    assert tuple(kept) == outcome.measurements
    assert "pip install 'mlinfra-advisor[bench]'" in {gap.remedy for gap in outcome.gaps}
    assert outcome.measurements[0].conditions["threads"] == 1
    assert {path.name for path in tmp_path.iterdir()} <= {"torch.py", "__pycache__"}


def test_an_interrupt_leaves_no_file_and_no_process(tmp_path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        everything(tmp_path, monkeypatch, names=("disk_read",), report=interrupt)
    assert {path.name for path in tmp_path.iterdir()} <= {"torch.py", "__pycache__"}


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("matmull", "did you mean matmul?"),
        ("disk", "did you mean disk_read?"),
        ("nope", "see mlinfra bench --list"),
    ],
)
def test_a_misspelt_benchmark_gets_the_nearest_name(tmp_path, monkeypatch, name, remedy):
    with pytest.raises(AdvisorError, match=re.escape(remedy)) as caught:
        everything(tmp_path, monkeypatch, names=(name,))
    assert caught.value.code == 2


def test_the_best_of_a_surface_are_timed_again_before_the_headline():
    seen = []

    def headline(site, measured):
        seen.extend((m.name, m.rounds) for m in measured)
        return iter([task("b")])

    both = Plugin(
        tasks=lambda site: iter([task("a"), task("c")]),
        again=lambda site, found: (task(m.name) for m in found if m.name == "a"),
        headline=headline,
    )
    run([both], {"a": 0.01, "b": 0.01, "c": 0.01})
    assert sorted(seen) == [("a", 5), ("a", 7), ("c", 5)]
    seen.clear()
    run([both], {"a": 0.01, "b": 0.01, "c": 0.01}, seconds=5.0)  # no time for it
    assert sorted(seen) == [("a", 5), ("c", 5)]


class Imagined(FakeStand):
    """A made-up CPU: so many FLOP/s and bytes/s, and a millisecond beside each visit."""

    def __init__(self, clock, flops, bandwidth):
        super().__init__(clock, {})
        self.flops, self.bandwidth = flops, bandwidth

    def sample(self, task, calls, samples):
        if task.name == "op":
            done = work(timed_op(task.conditions))
            seconds = done.flops / self.flops + 4 * done.elements / self.bandwidth
        else:
            seconds = task.work / (self.bandwidth if task.unit == "bytes/s" else self.flops)
        self.costs[task.name] = 1e-6 + seconds
        self.clock.seconds += 0.001
        return super().sample(task, calls, samples)


@pytest.mark.parametrize("flops", [5e9, 2e10, 1e11, 2e12])
def test_a_slow_machine_has_points_of_every_surface_and_its_headline_figures(flops):
    cpu = Place(
        device="cpu", kind="cpu", torch="cpu", dtypes=("fp32", "bf16", "fp16", "fp64"),
        memory_bytes=2**33, cache_bytes=2**25,
    )  # fmt: skip
    clock = FakeClock()
    made = Session(
        Imagined(clock, flops, flops / 10), clock, FakeReader(clock),
        Site(places=(cpu,), threads=2, folder=".", torch="2.9"),
        Listeners(lambda _: None, lambda _: None),
    )  # fmt: skip
    made.run([attention, conv, matmul, memory, ops], 30.0, thorough=False)
    assert clock.now() <= 31.0
    points = Counter((m.name, m.dtype) for m in made.measurements)
    for dtype in ("fp32", "bf16"):
        assert points["conv", dtype] >= 1
        assert points["attention", dtype] >= 1
        assert points["matmul.peak", dtype] == 1
    assert points["op", "fp32"] >= 12
    doubted = {m.name for m in made.measurements if m.quality is not Quality.VALID}
    assert doubted <= ({"memory.copy", "memory.triad"} if flops < 1e10 else set())
