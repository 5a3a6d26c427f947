"""Units are read exactly, told apart, and printed for people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.units import COMMON, PLAIN, divide, multiply, quantity, show, spell, unit

BYTE = (("byte", 1),)
RATE = (("byte", 1), ("second", -1))


@pytest.mark.parametrize(
    ("text", "value", "dimension"),
    [
        ("24 GiB", 24 * 2**30, BYTE),
        ("24GB", 24e9, BYTE),
        ("1.5 kB", 1500, BYTE),
        ("100 GB/s", 1e11, RATE),
        ("8 GT/s", 8e9, (("second", -1), ("transfer", 1))),
        ("10 Gb/s", 1e10, (("bit", 1), ("second", -1))),
        ("20Mbps", 2e7, (("bit", 1), ("second", -1))),
        ("24 TFLOPS", 24e12, (("flop", 1), ("second", -1))),
        ("24 TFLOP/s", 24e12, (("flop", 1), ("second", -1))),
        ("3 GHz", 3e9, (("cycle", 1), ("second", -1))),
        ("90 %", 0.9, PLAIN),
        ("50ms", 0.05, (("second", 1),)),
        ("2d", 172800, (("second", 1),)),
        ("85 °C", 85, (("celsius", 1),)),
        ("1e-3 s", 0.001, (("second", 1),)),
        ("7", 7, PLAIN),
    ],
)
def test_quantities(text, value, dimension):
    read = quantity(text)
    assert read is not None
    assert read[0] == pytest.approx(value, rel=1e-12)
    assert read[1].dimension == dimension


@pytest.mark.parametrize(
    "text", ["", "banana", "24 GiBs", "4 KB/", "5 kib", "3 m", "1 kis", "GiB", "9e999 s"]
)
def test_what_is_no_quantity(text):
    assert quantity(text) is None


@pytest.mark.parametrize("percent", range(101))
def test_a_quantity_is_the_double_nearest_to_what_was_written(percent):
    read = quantity(f"{percent} %")
    assert read is not None
    assert read[0] == float(f"{percent / 100:.2f}")


@pytest.mark.parametrize("text", COMMON)
def test_suggested_units_are_units(text):
    assert unit(text) is not None


def test_bits_bytes_and_transfers_are_three_things():
    units = [unit(text) for text in ("Gb/s", "GB/s", "GT/s")]
    assert len({u.dimension for u in units if u}) == 3


@pytest.mark.parametrize(
    ("value", "base", "text"),
    [
        (25 * 2**30, "bytes", "25 GiB"),
        (999.9e9, "bytes/s", "1 TB/s"),
        (123.4e12, "FLOP/s", "123 TFLOP/s"),
        (90, "s", "1.5 min"),
        (0.0123, "s", "12.3 ms"),
        (0.5, "%", "50 %"),
        (12, "samples/s", "12 samples/s"),
        (0, "bytes", "0 bytes"),
        (1234.5, "1", "1234"),
        (12, "1", "12"),
        (1281167, "1", "1.28 million"),
        (7e9, "1", "7 billion"),
    ],
)
def test_show(value, base, text):
    assert show(value, base) == text


def test_no_time_is_no_time():
    assert show(0.0, "s") == "0 s"


def test_figures():
    assert show(123.44e12, "FLOP/s", 4) == "123.4 TFLOP/s"
    assert show(3e11, "FLOP/s", 4) == "300 GFLOP/s"


@pytest.mark.parametrize(
    ("dimension", "words"),
    [(BYTE, "bytes"), (RATE, "bytes/second"), (PLAIN, "a plain number")],
)
def test_spell(dimension, words):
    assert spell(dimension) == words


@given(st.sampled_from(["GiB", "GB/s", "s", "W", "1", "FLOP/s"]), st.sampled_from(["GB", "s", "%"]))
def test_dividing_undoes_multiplying(a, b):
    left, right = unit(a), unit(b)
    assert left is not None
    assert right is not None
    product = multiply(left.dimension, right.dimension)
    assert divide(product, right.dimension) == left.dimension
