"""Language models known by their size: t = weights/(e·bandwidth) + cache/(k·bandwidth) + c + t0.

c is the arithmetic of unpacking quantised weights that were read, at units × clock; further
sequences of a batch are computed by the matrix units. Prompts are in `prefill`.
"""

import math

import msgspec

from advisor.predict.elsewhere.forecast import Forecast, Run
from advisor.predict.elsewhere.precision import element_bytes, quantised
from advisor.predict.elsewhere.silicon import Figures, Silicon, rate
from advisor.workload import LanguageModel


class Language(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters, those active for a token, bytes of the weights, tokens of context and prompt.

    ``cache_token`` are the bytes of keys and values kept for one token, where they are known.
    """

    params: float
    bytes: float
    active_params: float | None = None
    context: float = 1024.0
    prompt: float | None = None
    cache_token: float | None = None

    @property
    def active(self) -> float:
        """Parameters that compute one token."""
        return min(self.active_params or self.params, self.params)

    @property
    def body(self) -> float:
        """Parameters of a dense model with as many layers as wide: between all and the active."""
        return math.sqrt(self.params * self.active)

    @property
    def share(self) -> float:
        """The share of the parameters that one token uses: below 1, a mixture of experts."""
        return self.active / self.params


def house(device: Silicon) -> str:
    """Name the set of constants: whose driver and kernels run the model."""
    if device.host:
        return "cpu"
    if device.grade in {"soc", "integrated", "jetson"} and device.vendor != "Apple":
        return f"{device.vendor.casefold()}-soc"
    return device.vendor.casefold()


def figure(name: str, device: Silicon, figures: Figures) -> float:
    """Return a constant of the device's architecture, else of its vendor, else the common one."""
    by_kind = f"llm.{name}.{device.architecture}"
    return figures.get(by_kind, figures.get(f"llm.{name}.{house(device)}", figures[f"llm.{name}"]))


def forecast(model: Language, device: Silicon, run: Run, figures: Figures) -> Forecast:
    """Predict seconds of one token for each sequence."""
    together = 1 if quantised(run.dtype) else run.count
    return Forecast(
        form="language",
        compute=_compute(model, device, run, figures) / together,
        memory=_memory(model, device, run, figures) / together,
        fixed=_fixed(model, device, figures) * (1 if together == 1 else 1.5),
        effects=effects(model, device, run, figures),
        noise=figures["llm.noise"],
        bytes_needed=model.bytes + run.batch * cache_bytes(model),
    )


def _memory(model: Language, device: Silicon, run: Run, figures: Figures) -> float:
    weights = model.bytes * _touched(model, run.batch, figures)
    cached = run.batch * cache_bytes(model)
    way = "llm.cache" if quantised(run.dtype) else "llm.cache.served"
    wide = figure("bandwidth", device, figures)
    return (weights / wide + cached / figures[way]) / device.bandwidth


def _compute(model: Language, device: Silicon, run: Run, figures: Figures) -> float:
    """Unpack each weight once; multiply further sequences on the matrix units."""
    work, pace = 2 * model.active, device.vector if device.host else PACED * device.pace
    unpack = work / (figure("vector", device, figures) * pace) if quantised(run.dtype) else 0.0
    speed, _ = rate(device, "fp32" if device.host else run.dtype)
    return unpack + work * (run.batch - 1) / (figures["llm.batched"] * speed)


# FLOP per unit and clock that shares of units × clock are told against: the vector lanes' own.
PACED = 256.0


def _fixed(model: Language, device: Silicon, figures: Figures) -> float:
    return figure("fixed", device, figures) * (figures["llm.mixed"] if model.share < 1 else 1.0)


def _touched(model: Language, batch: float, figures: Figures) -> float:
    """The share of the weights that a batch reads: of a mixture, the experts it is expected to.

    Attention and embeddings of a mixture are stored wider than its experts.
    """
    if model.share >= 1:
        return 1.0
    return min(1.0, figures["llm.mixture"] * (1 - math.pow(1 - model.share, batch)))


def cache_bytes(model: Language) -> float:
    """Bytes of keys and values read for one token: grouped heads, 16 bit.

    The summary has no layer sizes: 128 KiB a token at 8 G parameters (Llama 3 8B: 32 layers × 8
    heads × 128 × 2 × 2 bytes), growing with the 0.4th power (70B: 320 KiB).
    """
    token: float = model.cache_token or 131072.0 * math.pow(model.body / 8e9, 0.4)
    return token * model.context


def described(model: LanguageModel, dtype: str) -> Language:
    """Return a model known by its layers in the same terms; weights are stored in ``dtype``."""
    return Language(
        params=model.parameters,
        bytes=model.parameters * element_bytes(dtype),
        active_params=model.active_parameters,
        context=float(model.context),
        prompt=float(model.prompt),
        cache_token=2.0 * model.kv_elements,
    )


def effects(model: Language, device: Silicon, run: Run, figures: Figures) -> dict[str, float]:
    """Return what a prediction may be wrong by: model, format, and the age of the kernels."""
    label = f"{model.params:.3g} {model.bytes:.3g}"
    found = {
        f"model {label}": figures["llm.spread.model"],
        f"model {label} on {device.name}": figures["llm.spread.pair"],
        f"quantisation {run.dtype} on {device.name}": figures["llm.spread.pair"],
        f"kernels {run.phase} {quantised(run.dtype)}": figures["llm.spread.kernels"],
    }
    if model.share < 1:
        found[f"mixtures {run.phase}"] = figures["llm.spread.mixture"]
    return found
