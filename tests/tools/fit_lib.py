"""What the fitting and scoring scripts share: reading the data folder, and a robust least fit."""

import csv
import gzip
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))


def rows(path: Path) -> Iterator[dict[str, str]]:
    """Read a CSV file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def lean(
    residuals: Callable[[np.ndarray], np.ndarray],
    start: np.ndarray,
    *,
    prior: float | np.ndarray = 0.01,
    rounds: int = 40,
    floor: float = 0.03,
) -> np.ndarray:
    """Minimise sum |r| + prior · n · mean((x - start)²) by reweighted Levenberg-Marquardt."""
    x, damp = start.copy(), 1e-2
    weight = np.broadcast_to(np.asarray(prior, float), start.shape)

    def cost(x: np.ndarray, r: np.ndarray) -> float:
        return float(np.abs(r).sum() + len(r) * (weight * (x - start) ** 2).mean())

    r = residuals(x)
    best = cost(x, r)
    for _ in range(rounds):
        step = 1e-3
        jacobian = np.array([(residuals(x + step * e) - r) / step for e in np.eye(len(x))]).T
        w = 1 / np.maximum(np.abs(r), floor)
        pull = len(r) / len(x) * weight
        normal = jacobian.T @ (jacobian * w[:, None]) + np.diag(pull)
        slope = jacobian.T @ (r * w) + pull * (x - start)
        for _ in range(6):
            move = np.linalg.solve(normal + damp * np.diag(np.diag(normal)), -slope)
            moved = residuals(x + move)
            new = cost(x + move, moved)
            if new < best:
                break
            damp *= 4
        else:
            break
        gain, best, x, r, damp = best - new, new, x + move, moved, damp / 3
        if gain < 1e-4 * best:
            break
    return x


def share(x: float) -> float:
    """Squash to (0, 1)."""
    return float(1 / (1 + np.exp(-x)))


def logit(p: float) -> float:
    """Undo `share`."""
    return float(np.log(p / (1 - p)))
