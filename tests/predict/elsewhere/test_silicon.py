"""A part's rates are those that it can hold, in the dtype that torch really computes in."""

import msgspec
import pytest

from advisor.errors import AdvisorError
from advisor.part import Part
from advisor.predict.elsewhere.silicon import rate, silicon


@pytest.mark.parametrize(
    ("name", "dtype", "low", "high", "used"),
    [
        ("NVIDIA GeForce RTX 3090", "amp", 71e12, 71.5e12, "amp"),
        ("NVIDIA A100-SXM4-80GB", "bf16", 311e12, 312e12, "bf16"),
        ("Tesla V100-SXM2-16GB", "tf32", 15.6e12, 15.8e12, "fp32"),  # no TF32 before Ampere
        ("Tesla V100-SXM2-16GB", "bf16", 15.6e12, 15.8e12, "fp32"),
        ("NVIDIA GeForce GTX 1080 Ti", "fp16", 11e12, 11.6e12, "fp32"),  # fp16 at 1/64
        ("NVIDIA GeForce RTX 3090", "fp8", 71e12, 71.5e12, "bf16"),
        ("Tesla T4", "fp32", 4e12, 6e12, "fp32"),  # 70 W do not hold the boost clock
        ("NVIDIA L4", "bf16", 60e12, 85e12, "bf16"),
        ("NVIDIA L4", "fp32", 12e12, 18e12, "fp32"),
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
        ("NVIDIA A100-SXM4-80GB", 1.0, 1.0),
    ],
)
def test_the_published_best_share_of_the_peak_is_taken(device, name, low, high):
    assert low <= device(name).sustain[1] <= high


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
