"""Arithmetic knows its units."""

import pytest

from advisor.book.expressions import Expressions
from advisor.units import unit
from tests.small import VOCABULARY


@pytest.mark.parametrize(
    ("text", "base", "wide"),
    [
        ("memory.total", "B", ""),
        ("memory.total / memory.copy", "s", "memory.copy"),
        ("memory.copy * 2 s", "B", "memory.copy"),
        ("memory.total / 1 GiB * cpu.cores", "1", ""),
        ("gpu.memory + (memory.total - 4 GB) * 90 %", "B", ""),
        ("gpu.temperature - 10 °C", "°C", ""),
        ("-5 °C", "°C", ""),
    ],
)
def test_dimensions(text, base, wide):
    typed = Expressions(text, VOCABULARY, "gpu").expression()
    assert typed.dimension == unit(base).dimension
    assert typed.wide == wide
