"""A mistyped name gets the nearest right one."""

import pytest

from advisor.book.near import listed, near


@pytest.mark.parametrize(
    ("name", "said"),
    [("gpu.memroy", "did you mean 'gpu.memory'?"), ("banana", ""), ("g" * 10_000, "")],
)
def test_near(name, said):
    assert near(name, ["gpu.memory", "cpu.cores"]) == said


def test_listed():
    assert listed(["a", "b"]) == "a, b"
