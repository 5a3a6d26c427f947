"""Boosted trees: a fixed cost for each leaf, and one for each cell of the table and level."""

import math
from collections.abc import Mapping

from advisor.constants import ConstantSet
from advisor.predict.figures import Figures
from advisor.workload import Trees


def fit_seconds(trees: Trees, figures: Figures, constants: ConstantSet) -> float | None:
    """Predict a whole fit on 255-bin histograms; None where there is no table for the place.

    A GPU whose bandwidth is not known has none.
    """
    known = constants.figures
    if "trees_leaf_seconds" not in known:
        return None
    # Past 24 threads the published tables stop gaining (two sockets, hyper-threads).
    threads = min(figures.threads or 1.0, known.get("trees_threads_most", 1.0))
    leaves = trees.rounds * 2.0**trees.depth
    cells = 1.0 * trees.rows * trees.features * trees.rounds * trees.depth
    fixed = known["trees_leaf_seconds"] * math.pow(threads, known.get("trees_leaf_power", 0.0))
    moving = known["trees_cell_seconds"] / math.pow(threads, known.get("trees_cell_power", 0.0))
    slower = _slower(figures, known)
    return None if slower is None else leaves * fixed + cells * moving * slower


def _slower(figures: Figures, known: Mapping[str, float]) -> float | None:
    """Return how many times slower a place moves cells than the one that the table is of."""
    if "trees_bandwidth" not in known:
        return 1.0
    if figures.bandwidth is None:
        return None
    return math.pow(known["trees_bandwidth"] / float(figures.bandwidth.value), known["trees_gain"])
