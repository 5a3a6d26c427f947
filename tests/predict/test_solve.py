"""Systems of linear equations come out as NumPy solves them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.predict.solve import solve


@given(
    st.integers(1, 6).flatmap(
        lambda n: st.lists(
            st.lists(st.floats(-3, 3), min_size=n, max_size=n), min_size=n, max_size=n
        )
    )
)
def test_the_solution_solves(rows):
    size = len(rows)
    # A·Aᵀ + 1 is symmetric and positive definite.
    matrix = [
        [sum(a * b for a, b in zip(x, y, strict=True)) + (i == j) for j, y in enumerate(rows)]
        for i, x in enumerate(rows)
    ]
    right = [float(i + 1) for i in range(size)]
    found = solve(matrix, right)
    for row, wanted in zip(matrix, right, strict=True):
        assert sum(a * x for a, x in zip(row, found, strict=True)) == pytest.approx(
            wanted, abs=1e-5
        )
