"""A GPU beside what the catalogue publishes of it."""

import msgspec
import pytest

from advisor.fact import Status
from advisor.part import Part
from advisor.vocabulary import measured
from advisor.vocabulary.published import DECLARATIONS, facts
from tests.fakes import GIB, GPU, MEASURED

L4 = Part(
    name="NVIDIA L4", kind="gpu", memory=24.0 * GIB, bandwidth=300e9, power=72.0,
    peaks={"bf16": 121e12, "fp32": 30.3e12}, attained={"bf16": 0.5},
)  # fmt: skip
TIMED = measured.facts(measured.GPU, "gpu:0", MEASURED)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("gpu.published_memory", 24.0 * GIB),
        ("gpu.published_power", 72.0),
        ("gpu.published_bandwidth", 300e9),
        ("gpu.peak_share.bf16", 5e13 / 121e12),
        ("gpu.attainable_share.bf16", 5e13 / 60.5e12),
        ("gpu.copy_share", 2.5e11 / 300e9),
    ],
)
def test_figures_and_shares(name, value):
    assert facts(GPU, TIMED, {"gpu:0": L4})[name].value == pytest.approx(value)


def test_a_share_keeps_the_width_of_what_was_timed():
    told = facts(GPU, TIMED, {"gpu:0": L4})["gpu.copy_share"]
    assert (told.low, told.high) == pytest.approx((0.95 * told.value, 1.05 * told.value))


@pytest.mark.parametrize(
    ("name", "parts", "status", "why"),
    [
        ("gpu.attainable_share.fp32", {"gpu:0": L4}, Status.MISSING, ""),  # nobody published it
        ("gpu.peak_share.fp8", {"gpu:0": L4}, Status.MISSING, ""),
        ("gpu.peak_share.fp32", {"gpu:0": L4}, Status.UNKNOWN, "not timed"),
        ("gpu.published_power", {}, Status.UNKNOWN, "no part of the catalogue is called"),
        ("gpu.published_power", None, Status.UNKNOWN, "the catalogue was not read"),
    ],
)
def test_what_is_not_there(name, parts, status, why):
    told = facts(GPU, TIMED, parts)[name]
    assert (told.status, why in told.why) == (status, True)


def test_every_fact_is_stated_whatever_is_known():
    for parts in (None, {}, {"gpu:0": L4}):
        assert set(facts(GPU, TIMED, parts)) == {d.name for d in DECLARATIONS}


def test_nothing_is_published_of_a_slice():
    part = msgspec.structs.replace(GPU, id="gpu:0/mig:0")
    told = facts(part, TIMED, {part.id: L4})
    assert {fact.status for fact in told.values()} == {Status.MISSING}
