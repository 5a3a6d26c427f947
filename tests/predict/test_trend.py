"""What timed ops have in common is found, and how sure it is."""

import pytest

from advisor.operation import Op
from advisor.predict.trend import Seen, Trait, fit, trait


def points(level, slope=0.0, backward=0.0, kernel="a"):
    return [
        Seen(Trait(float(size), kernel, back), level + slope * (size - 20) + backward * back, 0.0)
        for size in range(10, 31)
        for back in (False, True)
    ]


def test_a_level_is_found_and_grows_surer():
    few, many = fit(points(0.7)[:2], 0.3), fit(points(0.7), 0.3)
    level, doubt = many.at(Trait(20.0, "a", False))
    assert level == pytest.approx(0.7, abs=0.03)
    assert doubt < few.at(Trait(20.0, "a", False))[1]


def test_slope_and_direction():
    trend = fit(points(0.2, slope=0.05, backward=0.4), 0.1)
    small, large = (trend.at(Trait(size, "a", False))[0] for size in (12.0, 28.0))
    assert large - small == pytest.approx(16 * 0.05, abs=0.05)
    back = trend.at(Trait(20.0, "a", True))[0] - trend.at(Trait(20.0, "a", False))[0]
    assert back == pytest.approx(0.4, abs=0.05)


def test_beyond_the_largest_the_level_stays():
    trend = fit(points(0.0, slope=0.1), 0.1)
    assert trend.at(Trait(30.0, "a", False)) == trend.at(Trait(50.0, "a", False))


def test_an_unknown_kernel_is_less_sure():
    trend = fit(points(0.5) + points(0.1, kernel="b"), 0.3)
    known, unknown = trend.at(Trait(20.0, "a", False)), trend.at(Trait(20.0, "c", False))
    assert unknown[1] > known[1]
    assert 0.1 < unknown[0] < 0.5


def test_ops_apart_spread_as_they_do():
    noisy = [one._replace(level=0.4 if i % 4 < 2 else -0.4) for i, one in enumerate(points(0.0))]
    assert fit(noisy, 0.2).spread == pytest.approx(0.4, abs=0.05)
    assert fit(points(0.0), 0.2).spread < 0.1


def test_a_noisy_timing_counts_little():
    sure, wrong = points(0.0), [one._replace(level=1.0, noise=1.0) for one in points(0.0)]
    level = fit([*sure, *wrong], 0.2).at(Trait(20.0, "a", False))[0]
    assert level == pytest.approx(1 / (1 + 1 + (1.0 / 0.2) ** 2), abs=0.01)


@pytest.mark.parametrize(
    ("op", "size"),
    [
        (Op(op="gemm", shape={"m": 2, "n": 4, "k": 8}, weights=32), 7.0),
        (Op(op="norm", reads=16, writes=16, flops=999.0), 5.0),
        (Op(op="copy"), 0.0),
    ],
)
def test_size(op, size):
    assert trait(op, backward=False).size == pytest.approx(size)
