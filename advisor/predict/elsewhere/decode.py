"""Language models known by their size: t = bytes/(e·bandwidth) + 2·params/(c·vector) + t0.

The second term is the arithmetic of dequantising and multiplying weights that were read, done on
the vector units; prefill is 2·params·tokens over a share of the matrix rate.
"""

import msgspec

from advisor.predict.elsewhere.forecast import Forecast, Run
from advisor.predict.elsewhere.silicon import Figures, Silicon, element_bytes, rate
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
        return self.active_params or self.params


def house(device: Silicon) -> str:
    """Name the set of constants: whose driver and kernels run the model."""
    if device.host:
        return "cpu"
    if device.grade in {"soc", "integrated", "jetson"} and device.vendor != "Apple":
        return f"{device.vendor.casefold()}-soc"
    return device.vendor.casefold()


def _figure(name: str, device: Silicon, figures: Figures) -> float:
    by_kind = f"llm.{name}.{device.architecture}"
    return figures.get(by_kind, figures.get(f"llm.{name}.{house(device)}", figures[f"llm.{name}"]))


def forecast(model: Language, device: Silicon, run: Run, figures: Figures) -> Forecast:
    """Predict seconds of one token for each sequence, or of a whole prompt."""
    if run.phase == "prefill":
        return _prefill(model, device, run, figures)
    batch = run.batch
    together = 1 if _layered(run.dtype) else run.count
    token = model.bytes * min(1.0, _touched(model, batch)) + batch * cache_bytes(model)
    memory = token / (_figure("bandwidth", device, figures) * device.bandwidth * together)
    work = 2 * model.active * batch
    compute = work / (_figure("vector", device, figures) * device.vector * together)
    fixed = _figure("fixed", device, figures) * (1 if together == 1 else 1.5)
    return Forecast(
        form="language",
        compute=compute,
        memory=memory,
        fixed=fixed,
        effects=_effects(model, device, run.dtype, figures),
        noise=figures["llm.noise"],
        bytes_needed=_bytes(model, batch),
    )


def _layered(dtype: str) -> bool:
    """llama.cpp deals layers out to devices: they work one after the other."""
    return dtype not in {"fp32", "tf32", "fp16", "bf16", "amp", "fp8", "int8"}


def _touched(model: Language, batch: float) -> float:
    """The share of the weights that a batch reads: of a mixture, the experts it is expected to."""
    share = min(1.0, model.active / model.params)
    return 1.0 if share >= 1 else 1 - (1 - share) ** batch


def cache_bytes(model: Language) -> float:
    """Bytes of keys and values read for one token: grouped heads, 16 bit.

    The summary has no layer sizes: 128 KiB a token at 8 G parameters (Llama 3 8B: 32 layers × 8
    heads × 128 × 2 × 2 bytes), growing with the 0.4th power (70B: 320 KiB).
    """
    token = model.cache_token or 131072.0 * (model.params / 8e9) ** 0.4
    return token * model.context


def described(model: LanguageModel, dtype: str) -> Language:
    """Return a model known by its layers in the same terms; weights are stored in ``dtype``."""
    size = weight_bytes(dtype)
    return Language(
        params=model.parameters,
        bytes=model.parameters * size,
        active_params=model.active_parameters,
        context=float(model.context),
        prompt=float(model.prompt),
        cache_token=2.0 * model.kv_elements,
    )


# Bits a weight of llama.cpp's files, by the beginning of their names (its README's tables).
_BITS = {"Q2": 3.0, "Q3": 3.9, "Q4": 4.85, "Q5": 5.7, "Q6": 6.6, "Q8": 8.5, "IQ": 4.3, "MX": 4.25,
         "F1": 16.0, "BF": 16.0, "F3": 32.0}  # fmt: skip


def weight_bytes(dtype: str) -> float:
    """Return bytes a parameter as stored: of a torch dtype, or of a llama.cpp quantisation."""
    bits = _BITS.get(dtype[:2]) if dtype != dtype.casefold() else None
    return bits / 8 if bits else element_bytes(dtype)


def _bytes(model: Language, batch: float) -> float:
    return model.bytes + batch * cache_bytes(model)


def _prefill(model: Language, device: Silicon, run: Run, figures: Figures) -> Forecast:
    tokens = run.batch * (model.prompt or model.context)
    speed, _ = rate(device, "fp32" if device.host else "fp16")
    together = 1 if _layered(run.dtype) else run.count
    shape = tokens / (tokens + figures["llm.prefill.ramp"])
    share = _figure("prefill", device, figures) * shape
    compute = 2 * model.active * tokens / (share * speed * together)
    memory = model.bytes / (device.bandwidth * figures["llm.bandwidth"] * together)
    return Forecast(
        form="prefill",
        compute=compute,
        memory=memory if memory > compute else 0.0,
        fixed=_figure("fixed", device, figures),
        effects=_effects(model, device, run.dtype, figures),
        noise=figures["llm.prefill.noise"],
        bytes_needed=_bytes(model, run.batch),
    )


def _effects(model: Language, device: Silicon, dtype: str, figures: Figures) -> dict[str, float]:
    label = f"{model.params:.3g} {model.bytes:.3g}"
    return {
        f"model {label}": figures["llm.spread.model"],
        f"model {label} on {device.name}": figures["llm.spread.pair"],
        f"quantisation {dtype} on {device.name}": figures["llm.spread.pair"],
    }
