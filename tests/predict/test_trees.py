"""A fit costs by cells and by leaves."""

import pytest
from msgspec.structs import replace

from advisor.predict.figures import measured
from advisor.predict.trees import fit_seconds
from advisor.workload import Trees


def fit(profile, constants, rows, place="cpu", depth=10):
    trees = Trees(rows=rows, features=8, rounds=100, depth=depth)
    return fit_seconds(trees, measured(profile(), place), constants[place[:3]])


# szilard/GBM-perf 0e9d8ad: LightGBM on two cores of a c5.metal; XGBoost on a V100 (2024-06-06).
@pytest.mark.parametrize(
    ("place", "rows", "seconds"),
    [("cpu", 1e5, 1.92), ("cpu", 1e6, 11.0), ("cpu", 1e7, 85.0), ("gpu:0", 1e7, 5.02)],
)
def test_published(profile, constants, place, rows, seconds):
    assert fit(profile, constants, int(rows), place) == pytest.approx(seconds, rel=0.5)


def test_small_tables_are_faster_on_the_processor(profile, constants):
    small, large = 10_000, 10_000_000
    shallow = [fit(profile, constants, small, place, 4) for place in ("cpu", "gpu:0")]
    deep = [fit(profile, constants, large, place) for place in ("cpu", "gpu:0")]
    assert deep[0] > deep[1]
    assert shallow[0] < deep[0]


def test_a_gpu_of_less_bandwidth_is_slower_and_one_never_timed_is_not_predicted(profile, constants):
    trees = Trees(rows=10_000_000, features=8, rounds=100, depth=10)
    usual = measured(profile(), "gpu:0")
    slow = replace(usual, bandwidth=replace(usual.bandwidth, value=1e11))
    took = [fit_seconds(trees, figures, constants["gpu"]) for figures in (slow, usual)]
    assert took[1] < took[0] < 9**0.25 * took[1]
    assert fit_seconds(trees, replace(usual, bandwidth=None), constants["gpu"]) is None
