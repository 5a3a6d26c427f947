"""What every predictor of this folder returns, and the effects that hang on a device."""

from math import log

import msgspec

from advisor.predict.elsewhere.likeness import Item
from advisor.predict.elsewhere.silicon import Figures, Silicon


class Software(msgspec.Struct, frozen=True):
    """What runs it; ``torch`` None means the newest that the constants know."""

    torch: str | float | None = None
    compile: bool = False
    layout: str = "nchw"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """How a workload is run: ``batch`` a device, on ``count`` of them."""

    phase: str
    dtype: str = "fp32"
    batch: float = 1.0
    count: int = 1
    software: Software = Software()


class Forecast(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds of one batch, step, token or job, by what binds; and how it may be wrong.

    ``effects`` are of the workload (standard deviations of ln time, by name); ``form`` names the
    set of spreads in the constants; ``memory`` is in bytes, None where it cannot be told.
    """

    form: str
    compute: float
    memory: float
    fixed: float
    link: float = 0.0
    effects: dict[str, float] = {}
    noise: float = 0.1
    bytes_needed: float | None = None
    notes: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """The sum of the parts."""
        return self.compute + self.memory + self.fixed + self.link

    @property
    def bound(self) -> str:
        """What most of the time is spent on, in the batch interface's words."""
        parts = {
            "compute": self.compute,
            "memory": self.memory,
            "launch": self.fixed,
            "link": self.link,
        }
        return max(parts, key=lambda name: parts[name])


def item(forecast: Forecast, device: Silicon, figures: Figures) -> Item:
    """Return the forecast with the effects of workload, device and architecture."""
    total = forecast.seconds
    wide = figures["spread.limited"] if device.limited or device.grade == "laptop" else 1.0
    if not device.host and f"seen.{device.architecture}" not in figures:
        wide *= figures["spread.unseen"]
    wide *= figures.get(f"fitted.{forecast.form}.{device.name}", 1.0)
    effects = dict(forecast.effects)
    parts = {
        "compute": forecast.compute / total,
        "memory": forecast.memory / total,
        "fixed": (forecast.fixed + forecast.link) / total,
        "level": 1.0,
    }
    family = "cpu" if device.host else "gpu"
    for name, part in parts.items():
        spread = figures[f"spread.{family}.{name}"] * part * wide
        effects[f"device {device.name} {name}"] = spread
        effects[f"kin {device.architecture} {name}"] = figures["spread.kin"] * spread
        effects[f"{forecast.form} on {device.name} {name}"] = figures["spread.form"] * spread
    return Item(log(total), effects, forecast.noise)
