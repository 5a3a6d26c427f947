"""Workloads that share a machine go where together they lose the least, and it says why."""

import pytest

from advisor.advice import Task
from advisor.estimate import Estimate, Interval, Plan
from advisor.judge import assign


def plan(
    place: str, rate: float, needs: float = 1.0, there: float = 10.0, work: float | None = None
) -> Estimate:
    job = work and Interval(work / rate, work / rate, work / rate, "s")
    return Estimate(
        plan=Plan(phase="training", place=place, dtype="fp32", batch=1),
        throughput=Interval(rate, rate, rate, "samples/s"), seconds=None, bound=None,
        memory_bytes=Interval(needs, needs, needs, "bytes"), memory_available=there,
        job_seconds=job,
    )  # fmt: skip


def task(name: str, work: float | None = None, **rates: float) -> Task:
    ranked = sorted(rates.items(), key=lambda item: -item[1])
    return Task(name, tuple((plan(place, rate, work=work),) for place, rate in ranked))


def spread(name: str, *rates: tuple[str, float]) -> Task:
    """A task whose choices each stand for several places, written with blanks between them."""
    return Task(
        name, tuple(tuple(plan(place, rate) for place in places.split()) for places, rate in rates)
    )


NODE = ("gpu:0+1+2+3", 380), ("gpu:0+1 gpu:2+3", 190), ("gpu:0 gpu:1 gpu:2 gpu:3", 100)


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
            ["gpu:1", "gpu:0"],
        ),
        # GPUs that are alike are shared out, pieces of them as well.
        ([spread("a", *NODE), spread("b", *NODE)], ["gpu:0+1", "gpu:2+3"]),
        ([spread(n, *NODE) for n in "abcd"], ["gpu:0", "gpu:1", "gpu:2", "gpu:3"]),
        ([spread("a", *NODE[1:]), spread("b", *NODE[2:])], ["gpu:0+1", "gpu:2"]),
        # An hour's job loses two hours on the CPU, a second's two seconds.
        ([task("job", 3600, gpu=1, cpu=1 / 3), task("fit", 1, gpu=1, cpu=0.2)], ["gpu", "cpu"]),
        ([task("job", 1, gpu=1, cpu=1 / 3), task("fit", 3600, gpu=1, cpu=0.2)], ["cpu", "gpu"]),
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
    assert one.because == (
        "takes turns with vit, which makes it 2 times slower; elsewhere it would be 40 times slower"
    )
    assert (one.beside, other.beside) == (("vit",), ("cnn",))


def test_a_part_is_left_to_another():
    one, other = assign([spread("a", *NODE), spread("b", *NODE)])
    assert one.because == (
        "leaves 2 of the 4 GPUs to b; with all of them it would be 2 times as fast"
    )
    assert (one.turns, other.turns) == (1, 1)


def test_turns_last_until_the_shorter_job_is_done():
    job, fit = assign([task("job", 100, gpu=1), task("fit", 1, gpu=1)])
    assert (job.turns, fit.turns) == (pytest.approx(1.01), 2)
    assert job.because == "takes turns with fit, which hardly delays it; no other place is free"
    assert fit.because == (
        "takes turns with job, which makes it 2 times slower; no other place is free"
    )


def test_what_does_not_fit_together_is_kept_apart():
    big = [Task(n, ((plan("gpu", 100, needs=6),), (plan("cpu", 1),))) for n in ("a", "b")]
    assert sorted(one.estimate.plan.place for one in assign(big)) == ["cpu", "gpu"]


def test_what_fits_nowhere_else_runs_before_or_after():
    one, _ = assign([Task(n, ((plan("gpu", 100, needs=6),),)) for n in ("a", "b")])
    assert one.because == "runs before or after b: its memory does not hold all at once"


def test_a_part_of_what_another_takes_is_shared_with_it():
    wide = Task("wide", ((plan("gpu:0+1", 100, needs=4, there=20),),))
    one, other = assign([wide, Task("narrow", ((plan("gpu:0", 10, needs=6),),))])
    assert (one.beside, other.beside) == (("narrow",), ("wide",))
    assert one.because.startswith("takes turns")
    one, _ = assign([wide, Task("narrow", ((plan("gpu:0", 10, needs=9),),))])
    assert one.because.startswith("runs before or after")
