"""A part's rates are those that it can hold, in the dtype that torch really computes in."""

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.part import Part
from advisor.predict.elsewhere.silicon import as_run, left, rate, silicon


@pytest.mark.parametrize(
    ("name", "dtype", "low", "high", "used"),
    [
        ("NVIDIA GeForce RTX 3090", "amp", 71e12, 71.5e12, "amp"),
        ("NVIDIA A100-SXM4-80GB", "bf16", 311e12, 312e12, "bf16"),
        ("Tesla V100-SXM2-16GB", "tf32", 15.6e12, 15.8e12, "fp32"),  # no TF32 before Ampere
        ("Tesla V100-SXM2-16GB", "bf16", 15.6e12, 15.8e12, "fp32"),
        ("NVIDIA GeForce GTX 1080 Ti", "fp16", 11e12, 11.6e12, "fp32"),  # fp16 at 1/64
        ("NVIDIA GeForce RTX 3090", "fp8", 71e12, 71.5e12, "bf16"),
        ("Tesla T4", "fp32", 3.4e12, 4.3e12, "fp32"),  # 70 W do not hold the boost clock
        ("NVIDIA L4", "bf16", 60e12, 85e12, "bf16"),
        ("NVIDIA L4", "fp32", 8e12, 10e12, "fp32"),  # 0.29 of the peak was measured
    ],
)
def test_rates(device, name, dtype, low, high, used):
    found, computed = rate(device(name), dtype)
    assert low <= found <= high
    assert computed == used


def test_limited_parts_are_known(device):
    assert device("Tesla T4").limited
    assert not device("NVIDIA GeForce RTX 2080 Ti").limited


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("NVIDIA B200", 0.9, 1.0),  # 78 % of its peak; the fit's devices reach 82 %
        ("AMD Instinct MI300X", 0.58, 0.66),  # 51 %
        ("NVIDIA A100-SXM4-80GB", 1.0, 1.0),  # power, not a share, limits it
    ],
)
def test_the_published_best_share_of_the_peak_is_taken(device, name, low, high):
    found = device(name)
    assert low <= found.level[1] <= high
    assert found.limited == (low < 0.97)


def test_the_pace_is_units_times_clock_or_what_the_vector_rate_stands_for(device):
    assert device("NVIDIA GeForce RTX 3090").pace == pytest.approx(82 * 1.695e9, rel=0.01)
    bare = msgspec.structs.replace(device("NVIDIA GeForce RTX 3090"), units=None)
    assert bare.pace == pytest.approx(82 * 1.695e9, rel=0.05)


def test_two_sockets_are_nearly_twice_one(device):
    name = "Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz"
    one, two = device(name), device(name, 2)
    assert 1.8 < two.vector / one.vector < 2
    assert two.host
    assert two.cores == 2 * one.cores


def test_a_processor_sustains_less_than_its_boost(device):
    found = device("12th Gen Intel(R) Core(TM) i7-12700H")
    assert 659e9 < found.vector < 1350e9
    assert found.rates["int8"] > 3 * found.vector


def test_an_unpublished_rate_is_an_error(figures):
    with pytest.raises(AdvisorError, match="not published"):
        silicon(Part(name="X", kind="npu", peaks={"int8": 1e12}), figures)


@pytest.mark.parametrize(
    ("name", "dtype", "kept"),
    [
        ("NVIDIA A100-SXM4-80GB", "fp8", "bf16"),  # no unit for it: values are widened
        ("NVIDIA L4", "fp8", "fp8"),
        ("Tesla V100-SXM2-16GB", "int8", "fp32"),
        ("Tesla V100-SXM2-16GB", "bf16", "bf16"),  # computed in fp32, kept in 16 bits
    ],
)
def test_narrow_values_are_kept_where_they_are_computed_with(device, name, dtype, kept):
    assert as_run(device(name), dtype) == kept


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("NVIDIA H100 80GB HBM3", 1.0),
        ("NVIDIA GeForce RTX 4090", 1 / 64),
        ("Tesla T4", 1 / 32),
        ("Intel(R) Xeon(R) Platinum 8380 CPU @ 2.30GHz", 1 / 2),
    ],
)
def test_fp64_is_a_share_of_fp32(device, name, share):
    found = device(name)
    assert found.rates["fp64"] / found.rates["fp32"] == pytest.approx(share, rel=0.35)


def test_an_unknown_fp64_rate_is_an_error(device):
    with pytest.raises(AdvisorError, match="not published"):
        rate(device("Apple M3 Max"), "fp64")


def test_autocast_is_bf16_on_a_processor_that_has_it(device):
    found = device("Intel(R) Xeon(R) Platinum 8480+")
    assert rate(found, "amp")[0] == rate(found, "bf16")[0] > 3 * rate(found, "fp32")[0]


def test_power_and_not_the_chip_limits_small_boards(device):
    assert left(device("NVIDIA L4"), "fp32") < left(device("NVIDIA L4"), "bf16") < 0.6
    assert left(device("NVIDIA H100 80GB HBM3"), "bf16") > 0.97
