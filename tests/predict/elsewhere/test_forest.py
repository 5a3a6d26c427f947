"""Trees: a processor wins on small tables, a GPU on large ones."""

import pytest

from advisor.predict.elsewhere import forest
from advisor.workload import Trees

CPU = "Intel(R) Xeon(R) Platinum 8275CL CPU @ 3.00GHz"
GPU = "Tesla V100-SXM2-16GB"


def seconds(device, figures, rows, name):
    trees = Trees(rows=rows, features=8, rounds=100, depth=10)
    return forest.forecast(trees, device(name), figures).seconds


@pytest.mark.parametrize(
    ("rows", "name", "published"),
    [
        (100_000, CPU, 0.65),  # 12 cores
        (1_000_000, CPU, 3.0),
        (10_000_000, CPU, 40),
        (100_000, GPU, 0.66),
        (1_000_000, GPU, 1.37),
        (10_000_000, GPU, 5.0),
        (10_000_000, "NVIDIA L4", 6.1),
        (10_000_000, "NVIDIA A10", 5.7),
        (10_000_000, "NVIDIA H100 80GB HBM3", 3.6),
    ],
)
def test_near_what_was_published(device, figures, rows, name, published):
    """GBM-perf: XGBoost, 24 cores or a V100."""
    assert seconds(device, figures, rows, name) == pytest.approx(
        published, rel=0.5 if name == CPU else 0.35
    )


def test_the_crossover(device, figures):
    small, large = ([seconds(device, figures, n, d) for d in (CPU, GPU)] for n in (20_000, 10**7))
    assert small[0] < small[1]
    assert large[0] > 3 * large[1]
