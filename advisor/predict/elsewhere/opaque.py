"""A workload of which nothing is known but how fast it ran: seconds follow the devices' rates.

ln t = level − a·ln(matmul rate) − b·ln(bandwidth) − c·ln(vector rate), where a, b and c have prior
means and widths from published pairs, and the measurements that are given move them.
"""

from math import exp, log

from advisor.predict.elsewhere.forecast import Forecast, Run
from advisor.predict.elsewhere.silicon import Figures, Silicon, rate

# Logarithms are taken against a middling device, so that level and exponents stay independent.
_RATES = ("matmul", "bandwidth", "vector")
_MIDDLE = {"gpu": (6e13, 7e11, 2e13), "cpu": (1e12, 8e10, 1e12)}


def forecast(label: str, device: Silicon, run: Run, figures: Figures) -> Forecast:
    """Predict relative seconds; without a measurement the level is anyone's guess."""
    place = "cpu" if device.host else "gpu"
    speed, _ = rate(device, run.dtype)
    rates = (speed, device.bandwidth, device.vector * device.level[0] * device.sustain[0])
    logs = [log(r / middle) for r, middle in zip(rates, _MIDDLE[place], strict=True)]
    total, effects = 0.0, {f"opaque {label}": figures["opaque.spread.level"]}
    kind = f"{place}.decode" if run.phase == "decode" else place
    weights = [figures[f"opaque.{kind}.{name}"] for name in _RATES]
    for name, value, weight in zip(_RATES, logs, weights, strict=True):
        total -= weight * value
        spread = figures[f"opaque.spread.{place}.{name}"]
        # Where one exponent is higher the others are lower: the deviations are of each alone.
        effects[f"opaque {label} {name}"] = spread * value
        effects[f"opaque {run.phase} {name}"] = spread * value * 0.5
    if run.phase == "training" and run.count > 1 and not device.host:
        more, kind = log(run.count), "link" if device.link else "pcie"
        total += figures[f"opaque.count.{kind}"] * more
        effects[f"opaque several {kind}"] = figures["opaque.spread.count"] * more
    effects[f"opaque {label} {place}"] = figures["opaque.spread.place"]
    effects[f"opaque {label} {device.architecture}"] = figures["opaque.spread.kin"]
    effects[f"opaque {device.name}"] = figures[f"opaque.spread.device.{place}"]
    seconds = exp(total)
    compute = seconds * (weights[0] + weights[2]) / (sum(weights) or 1.0)
    return Forecast(
        form="opaque",
        compute=compute,
        memory=seconds - compute,
        fixed=0.0,
        effects=effects,
        noise=figures[f"opaque.noise.{place}"],
    )
