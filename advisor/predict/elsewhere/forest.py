"""Boosted trees, by histograms: a fixed cost for each round and one for rows × features.

A CPU gains by cores^γ up to a limit (two sockets are slower than one on small tables); a GPU is
bound by memory and by launches. Fitted on XGBoost's published runs of 100 rounds at depth 10.
"""

from advisor.predict.elsewhere.forecast import Forecast
from advisor.predict.elsewhere.silicon import Figures, Silicon
from advisor.workload import Trees

_ROWS, _FEATURES, _ROUNDS, _DEPTH = 1e6, 8, 100, 10


def forecast(trees: Trees, device: Silicon, figures: Figures) -> Forecast:
    """Predict seconds of the whole fit."""
    scale = trees.rounds / _ROUNDS
    cells = trees.rows / _ROWS * (trees.features / _FEATURES) * (trees.depth / _DEPTH)
    if device.host:
        cores = min(float(device.cores or 8), figures["trees.cpu.cores"])
        fixed = figures["trees.cpu.fixed"] * trees.depth / _DEPTH
        rows = figures["trees.cpu.rows"] * cells ** figures["trees.cpu.power"]
        rows /= cores ** figures["trees.cpu.gain"]
    else:
        fixed = figures["trees.gpu.fixed"] * trees.depth / _DEPTH
        slow = figures["trees.gpu.bandwidth"] / device.bandwidth
        rows = figures["trees.gpu.rows"] * cells * slow ** figures["trees.gpu.gain"]
    label = f"{trees.rows} {trees.features} {trees.rounds} {trees.depth}"
    spread = figures["trees.spread"]
    return Forecast(
        form="trees",
        compute=0.0,
        memory=rows * scale,
        fixed=fixed * scale,
        effects={f"trees {label}": spread, "trees": spread},
        noise=figures["trees.noise"],
        bytes_needed=float(trees.rows) * trees.features * 5,  # float32 and one byte of bin
    )
