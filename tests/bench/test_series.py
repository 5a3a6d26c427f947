import pytest

from advisor.bench.quality import Disturbance
from advisor.bench.series import Series, calls_for
from advisor.bench.task import Sample
from tests.bench.fakes import task


@pytest.mark.parametrize(
    ("seconds", "per_call", "calls"),
    [(0.01, 0.001, 10), (0.01, 0.0031, 4), (0.01, 1.0, 1), (0.01, 0.0, 1_000_000)],
)
def test_a_batch_has_calls_enough_to_last(seconds, per_call, calls):
    assert calls_for(seconds, per_call) == calls


def test_a_round_is_the_median_of_all_its_samples():
    series = Series(task=task(work=1.0), calls=10, costs=[0.1], expected=1.0)
    visits = [
        Sample(seconds=(0.5, 0.25, 1.0), first=2.0, cold=4.0, disagreement=0.01),
        Sample(seconds=(0.5, 0.5), first=1.0, disagreement=0.2),
    ]
    series.add(visits, Disturbance())
    assert series.medians == [2.0]
    assert series.colds == [4.0]
    assert series.disagreement == 0.2


def test_a_batch_grows_when_too_short_and_shrinks_when_far_too_long():
    series = Series(task=task(batch_seconds=0.01), calls=2, costs=[0.1], expected=1.0)
    series.add([Sample(seconds=(0.001,), first=0.001)], Disturbance())
    assert series.calls == 10
    series.add([Sample(seconds=(0.003,), first=0.1)], Disturbance())
    assert series.calls == 10
    series.add([Sample(seconds=(0.1,), first=0.1)], Disturbance())
    assert series.calls == 1


def test_disturbed_rounds_are_not_clean():
    series = Series(task=task(work=1.0), calls=1, costs=[0.1], expected=1.0)
    series.add([Sample(seconds=(1.0,), first=1.0)], Disturbance())
    series.add([Sample(seconds=(2.0,), first=2.0)], Disturbance(foreign=0.5))
    assert series.clean() == [1.0]


@pytest.mark.parametrize(
    ("seconds", "unusual"), [(1.0, False), (1.1, False), (2.0, True), (0.5, True)]
)
def test_a_sample_far_from_earlier_rounds_is_unusual(seconds, unusual):
    series = Series(task=task(work=1.0), calls=1, costs=[0.1], expected=1.0)
    sample = Sample(seconds=(seconds,), first=seconds)
    assert series.unusual(sample) is unusual
    for _ in range(3):
        series.add([Sample(seconds=(1.0,), first=1.0)], Disturbance())
    assert series.unusual(sample) is unusual


@pytest.mark.parametrize(
    ("waits", "medians", "calm"),
    [
        ((0, 0, 0, 0.2, 0.2), (10.0, 10.2, 9.9, 10.1, 6.0), 4),  # one was slower for it
        ((0, 0, 0.2, 0.2, 0.2), (10.0, 10.2, 9.9, 10.1, 10.0), 2),  # too few to compare with
        ((0.2, 0.2, 0.2, 0.2, 0.2), (10.0,) * 5, 0),
    ],
)
def test_waiting_that_slows_nothing_down_is_no_disturbance(waits, medians, calm):
    seen = [Disturbance(waited=share) for share in waits]
    series = Series(task=task(work=1.0), calls=1, costs=[0.1], expected=1.0)
    series.medians, series.disturbances = list(medians), seen
    assert len(series.calm()) == calm
    series.disturbances = [Disturbance(waited=w, foreign=0.5 * (w > 0)) for w in waits]
    assert len(series.calm()) == sum(w == 0 for w in waits)


def test_looks_that_waited_count_in_an_average_and_disturbed_ones_do_not():
    seen = [Disturbance(), Disturbance(waited=0.3), Disturbance(foreign=0.5, waited=0.3)]
    series = Series(task=task(lasting=True), calls=1, costs=[0.1], expected=1.0)
    series.medians, series.disturbances = [10.0, 7.0, 5.0], seen
    assert series.clean() == [10.0, 7.0]
    assert not series.held_back()
