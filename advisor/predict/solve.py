"""Small systems of linear equations, without a library that takes long to load."""

import math
from collections.abc import Sequence


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve a symmetric positive definite system by Cholesky's method."""
    size = len(right)
    lower = [[0.0] * size for _ in range(size)]
    half = [0.0] * size
    for i in range(size):
        row = lower[i]
        for j in range(i):
            other = lower[j]
            row[j] = (matrix[i][j] - sum(row[k] * other[k] for k in range(j))) / other[j]
        row[i] = math.sqrt(matrix[i][i] - sum(row[k] * row[k] for k in range(i)))
        half[i] = (right[i] - sum(row[k] * half[k] for k in range(i))) / row[i]
    for i in reversed(range(size)):
        known = sum(lower[k][i] * half[k] for k in range(i + 1, size))
        half[i] = (half[i] - known) / lower[i][i]
    return half
