"""Boosted trees, by histograms: a fixed cost for each round and one for rows × features.

On a CPU a part of both is done by one core, the rest by all, up to a limit (two sockets are slower
than one on small tables), and all goes with the clock; a GPU is bound by memory and by launches.
Fitted on XGBoost's published runs of 100 rounds at depth 10.
"""

from advisor.predict.elsewhere.forecast import Forecast
from advisor.predict.elsewhere.silicon import Figures, Silicon
from advisor.workload import Trees

_ROWS, _FEATURES, _ROUNDS, _DEPTH = 1e6, 8, 100, 10
# The clock that the CPU constants are told at.
_CLOCK = 3.5e9


def forecast(trees: Trees, device: Silicon, figures: Figures) -> Forecast:
    """Predict seconds of the whole fit."""
    scale = trees.rounds / _ROUNDS
    cells = trees.rows / _ROWS * (trees.features / _FEATURES) * (trees.depth / _DEPTH)
    if device.host:
        fixed, rows = _host(cells, device, figures)
        fixed *= trees.depth / _DEPTH
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


def _host(cells: float, device: Silicon, figures: Figures) -> tuple[float, float]:
    """Return seconds on a CPU: what rounds cost, and what their rows cost."""
    known = {name: figures[f"trees.cpu.{name}"] for name in _HOST}
    cores = min(float(device.cores or 8), known["cores"]) ** known["gain"]
    pace = (_CLOCK / (device.clock or _CLOCK)) ** known["clock"]
    fixed = known["serial"] + known["fixed"] / cores
    rows = known["serial.rows"] * cells + known["rows"] * cells ** known["power"] / cores
    return pace * fixed, pace * rows


_HOST = ("serial", "serial.rows", "fixed", "rows", "power", "gain", "clock", "cores")
