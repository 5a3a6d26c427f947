"""Small systems of linear equations, without a library that takes long to load."""

import math
from collections.abc import Sequence
from operator import mul

Lower = list[list[float]]


def factor(matrix: Sequence[Sequence[float]]) -> Lower:
    """Return the triangle whose square a symmetric positive definite matrix is (Cholesky).

    Of the matrix only the lower triangle, diagonal included, is read.
    """
    lower: Lower = []
    for line in matrix:
        row: list[float] = []
        for value, other in zip(line, lower, strict=False):
            row.append((value - sum(map(mul, row, other))) / other[-1])
        row.append(math.sqrt(line[len(row)] - sum(map(mul, row, row))))
        lower.append(row)
    return lower


def halfway(lower: Lower, right: Sequence[float]) -> list[float]:
    """Solve the triangle alone; the squares of the answer sum to right · matrix⁻¹ · right."""
    half: list[float] = []
    for row, value in zip(lower, right, strict=True):
        half.append((value - sum(map(mul, row, half))) / row[-1])
    return half


def solve(matrix: Sequence[Sequence[float]], right: Sequence[float]) -> list[float]:
    """Solve a symmetric positive definite system."""
    lower = factor(matrix)
    found = halfway(lower, right)
    for i in reversed(range(len(found))):
        found[i] /= lower[i][i]
        for j in range(i):
            found[j] -= lower[i][j] * found[i]
    return found
