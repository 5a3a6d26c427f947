"""Two speeds in one series are told apart; plain noise is one group."""

from random import Random

import pytest

from advisor.bench.modes import part


@pytest.mark.parametrize(
    ("values", "main", "apart"),
    [
        ([10.0, 10.1, 9.9], (10.0, 10.1, 9.9), 1.0),
        ([212.0, 70.0, 211.0, 209.0, 72.0], (212.0, 211.0, 209.0), 209 / 72),  # a slow episode
        ([1.0, 3.0], (1.0, 3.0), 1.0),  # no group is the larger
        ([5.0], (5.0,), 1.0),
        ([], (), 1.0),
    ],
)
def test_the_larger_group_is_kept(values, main, apart):
    found = part(values)
    assert (found.main, found.apart) == (main, pytest.approx(apart))


def test_noise_of_ten_percent_is_one_group():
    random = Random(1)
    runs = [[random.gauss(1.0, 0.1) for _ in range(15)] for _ in range(1000)]
    assert sum(part(run).apart > 1 for run in runs) <= 5
