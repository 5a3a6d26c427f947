"""Limits keep their promise in a thousand simulations: the healthy pass, losses are caught."""

from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.judge.record import Runs, below, limits, quantile

RUNS = 5
METRICS = 6


@pytest.mark.parametrize(
    ("probability", "freedom", "t"),
    [  # NIST/SEMATECH e-Handbook, table of upper critical values of Student's t
        (0.95, 1, 6.314), (0.99, 1, 31.821), (0.95, 4, 2.132), (0.999, 4, 7.173), (0.99, 5, 3.365),
        (0.975, 8, 2.306), (0.999, 8, 4.501), (0.95, 30, 1.697), (0.995, 9, 3.250),
    ],
)  # fmt: skip
def test_quantiles_are_those_of_the_tables(probability, freedom, t):
    assert quantile(probability, freedom) == pytest.approx(t, abs=6e-4)


@given(st.floats(0, 50), st.integers(1, 60))
def test_the_share_below_is_a_share(t, freedom):
    assert 0.5 <= below(t, freedom) <= 1
    assert below(t, freedom) <= below(t + 0.1, freedom) + 1e-12


def test_many_degrees_of_freedom_are_the_normal_distribution():
    assert quantile(0.99, 2000) == pytest.approx(NormalDist().inv_cdf(0.99), abs=3e-3)


def noisy(random: Random, noise: float, level: float = 1.0) -> float:
    return level * (1 + noise * random.gauss())


def shares(noises: list[float], floor: float = 0.0) -> tuple[float, float]:
    """Simulate machines: how many healthy ones fail, how many with one metric 10 % down do."""
    accused = caught = 0
    seeds = 1000
    for seed in range(seeds):
        random = Random(seed)
        metrics = [Runs(tuple(noisy(random, n) for _ in range(RUNS)), floor=floor) for n in noises]
        least = [limit.value for limit in limits(metrics)]
        healthy = [noisy(random, n) for n in noises]
        accused += any(value < limit for value, limit in zip(healthy, least, strict=True))
        caught += noisy(random, noises[0], 0.9) < least[0]
    return accused / seeds, caught / seeds


@pytest.mark.parametrize(
    ("metrics", "floor"), [(1, 0), (2, 0), (METRICS, 0), (10, 0), (METRICS, 0.015)]
)
def test_at_one_per_cent_of_noise(metrics, floor):
    accused, caught = shares([0.01] * metrics, floor)
    assert accused <= 0.02
    assert caught >= 0.95


def test_metrics_of_different_noise_do_not_accuse_each_other():
    accused, caught = shares([0.01, 0.003, 0.005, 0.01, 0.02, 0.04])
    assert accused <= 0.02
    assert caught >= 0.95


def test_times_have_an_upper_limit_and_floors_hold():
    quiet = Runs((1.0, 1.0, 1.0), higher_is_better=False, floor=0.01)
    (limit,) = limits([quiet])
    assert limit.noise == 0.01
    assert limit.value == pytest.approx(1 + quantile(0.99, 2) * 0.01 * (4 / 3) ** 0.5)


def test_the_visible_loss_is_seen_in_95_of_100():
    seen = total = 0
    for seed in range(1000):
        random = Random(seed)
        (limit,) = limits([Runs(tuple(noisy(random, 0.01) for _ in range(RUNS)))])
        seen += noisy(random, 0.01, 1 - limit.visible) < limit.value
        total += 1
    assert seen / total >= 0.94
