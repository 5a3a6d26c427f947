"""The ratio of two estimates, what they share cancelled."""

import math

import msgspec
import pytest

from advisor.estimate import Estimate, Plan
from advisor.predict.compare import ratio
from advisor.predict.width import interval, spread_of


def made(rate, spread, shared, *, place="cpu", dtype="fp32", batch=1):
    return Estimate(
        plan=Plan(phase="training", place=place, dtype=dtype, batch=batch),
        throughput=interval(rate, spread, "samples/s"), seconds=interval(1 / rate, spread, "s"),
        memory_bytes=None, memory_available=None, bound="compute", shared_spread=shared,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("other", "spread"),
    [
        # What is the network's own, 0.3, is shared but for a sixth of an octave's distance.
        (made(50, 0.5, 0.4, batch=2), (2 * 0.09 * (1 - math.exp(-1 / 6))) ** 0.5),
        (made(50, 0.5, 0.4, dtype="bf16"), (0.5 - 0.16) ** 0.5),
        (made(50, 0.5, 0.4, place="gpu:0"), 0.5 * 2**0.5),
    ],
)
def test_ratio(other, spread):
    found = ratio(made(100, 0.5, 0.4), other)
    assert found.likely == pytest.approx(2)
    assert spread_of(found) == pytest.approx(spread, rel=1e-6)


def test_what_was_derived_from_another_has_that_ones_error_in_it():
    own = made(50, 0.5, 0.4)
    told = msgspec.structs.replace(made(100, (0.25 + 0.04) ** 0.5, 0.1, place="gpu:1"), base=own)
    assert spread_of(ratio(told, own)) == pytest.approx(0.2)
    other = msgspec.structs.replace(made(75, (0.25 + 0.01) ** 0.5, 0.1, place="gpu:2"), base=own)
    assert spread_of(ratio(told, other)) == pytest.approx((0.04 + 0.01) ** 0.5)
    assert spread_of(ratio(told, made(50, 0.5, 0.4, place="gpu:3"))) > 0.7


def test_with_itself_and_with_the_unknown():
    one = made(100, 0.5, 0.4)
    assert (ratio(one, one).low, ratio(one, one).high) == (1, 1)
    assert ratio(one, msgspec.structs.replace(one, throughput=None)) is None


def test_two_batches_alike_share_what_is_doubtful_of_a_setting():
    def compiled(batch):
        plain = made(100, 0.5, 0.3, batch=batch)
        plan = msgspec.structs.replace(plain.plan, compiled=True)
        return msgspec.structs.replace(plain, plan=plan, settings_spread=0.4)

    assert spread_of(ratio(compiled(8), compiled(8 + 1e-9))) == pytest.approx(0, abs=1e-4)
    assert spread_of(ratio(compiled(8), made(100, 0.3, 0.3, batch=8))) == pytest.approx(0.4)
