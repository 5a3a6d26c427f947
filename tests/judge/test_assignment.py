"""Workloads that share a machine go where together they lose the least, and it says why."""

import pytest

from advisor.advice import Task
from advisor.estimate import Estimate, Interval, Plan
from advisor.judge import assign


def plan(place: str, rate: float, needs: float = 1.0, there: float = 10.0) -> Estimate:
    return Estimate(
        plan=Plan(phase="training", place=place, dtype="fp32", batch=1),
        throughput=Interval(rate, rate, rate, "samples/s"), seconds=None, bound=None,
        memory_bytes=Interval(needs, needs, needs, "bytes"), memory_available=there,
    )  # fmt: skip


def task(name: str, **rates: float) -> Task:
    ranked = sorted(rates.items(), key=lambda item: -item[1])
    return Task(name, tuple(plan(place, rate) for place, rate in ranked))


CNN, TREES = task("cnn", gpu=400, cpu=10), task("trees", gpu=13, cpu=10)


@pytest.mark.parametrize(
    ("tasks", "places"),
    [
        ([CNN], ["gpu"]),
        # 1.3× lost by the trees on the CPU is less than the turns of two on the GPU.
        ([CNN, TREES], ["gpu", "cpu"]),
        ([TREES, CNN], ["cpu", "gpu"]),
        # Both would lose 40×: they take turns.
        ([CNN, task("vit", gpu=200, cpu=5)], ["gpu", "gpu"]),
        ([task("a", cpu=1), task("b", cpu=1)], ["cpu", "cpu"]),
        # Places that have a GPU in common are no two places.
        (
            [
                task("a", **{"gpu:0+1": 190, "gpu:0": 100, "gpu:1": 100}),
                task("b", **{"gpu:0+1": 190, "gpu:0": 100, "gpu:1": 100}),
            ],
            ["gpu:0", "gpu:1"],
        ),
        ([], []),
        ([Task("nothing", ()), CNN], ["gpu"]),
    ],
)
def test_places(tasks, places):
    assert [one.estimate.plan.place for one in assign(tasks)] == places


def test_reasons():
    cnn, trees = assign([CNN, TREES])
    assert cnn.because == "this is its best place, and no other needs it more"
    assert trees.because == (
        "it would be 1.3 times as fast on gpu, but that is needed more by cnn, which elsewhere "
        "would be 40 times slower"
    )
    assert trees.slower == pytest.approx(1.3)
    one, other = assign([CNN, task("vit", gpu=200, cpu=5)])
    assert one.because == "takes turns with vit, for elsewhere it would be 40 times slower"
    assert (one.beside, other.beside) == (("vit",), ("cnn",))


def test_what_does_not_fit_together_is_kept_apart():
    big = [Task(n, (plan("gpu", 100, needs=6), plan("cpu", 1))) for n in ("a", "b")]
    assert sorted(one.estimate.plan.place for one in assign(big)) == ["cpu", "gpu"]
    alone = [Task(n, (plan("gpu", 100, needs=6),)) for n in ("a", "b")]
    assert assign(alone) == ()


def test_a_part_of_what_another_takes_is_shared_with_it():
    wide = Task("wide", (plan("gpu:0+1", 100, needs=4, there=20),))
    one, other = assign([wide, Task("narrow", (plan("gpu:0", 10, needs=6),))])
    assert (one.beside, other.beside) == (("narrow",), ("wide",))
    assert assign([wide, Task("narrow", (plan("gpu:0", 10, needs=9),))]) == ()
