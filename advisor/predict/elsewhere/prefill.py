"""Prompts of language models: two products a parameter and token, and attention beside them.

1/rate = 1/(a · matrix rate) + 1/(b · units × clock): unpacking, quantising and normalising gain
nothing from wider matrix units. llama.cpp multiplies quantised weights in 8 bit or accumulates in
16, so that cards with half-rate matrix units are not slowed; serving engines run in the dtype.
"""

import math

from advisor.predict.elsewhere.decode import PACED, Language, effects, figure
from advisor.predict.elsewhere.forecast import Forecast, Run
from advisor.predict.elsewhere.precision import quantised
from advisor.predict.elsewhere.silicon import Figures, Silicon, rate


def forecast(model: Language, device: Silicon, run: Run, figures: Figures) -> Forecast:
    """Predict seconds of a whole prompt, of each sequence of the batch."""
    length = model.prompt or model.context
    tokens = run.batch * length
    together = 1 if quantised(run.dtype) else run.count
    shape = tokens / (tokens + figures["llm.prefill.ramp"])
    speed = _speed(device, run.dtype, figures) * shape * _spread_out(model, figures) * together
    work = 2 * model.active + figures["llm.prefill.attention"] * _attention(model) * length / 2
    compute = work * tokens / speed
    memory = model.bytes / (device.bandwidth * figures["llm.bandwidth"] * together)
    return Forecast(
        form="prefill",
        compute=compute,
        memory=memory if memory > compute else 0.0,
        fixed=figure("fixed", device, figures),
        effects=effects(model, device, run, figures),
        noise=figures["llm.prefill.noise"],
        bytes_needed=model.bytes,
    )


def _speed(device: Silicon, dtype: str, figures: Figures) -> float:
    """FLOP/s on a long prompt."""
    if device.host:
        return rate(device, "fp32")[0] * figures["llm.prefill.cpu"]
    if not quantised(dtype):
        return rate(device, dtype)[0] * figures["llm.prefill.served"]
    full = max(
        device.rates.get("fp16_acc16", 0.0) * device.sustain[1],
        rate(device, "fp16")[0],
    )
    paced = PACED * device.pace * device.held * figure("prefill.paced", device, figures)
    return 1 / (1 / (full * figure("prefill", device, figures)) + 1 / paced)


def _spread_out(model: Language, figures: Figures) -> float:
    """A mixture deals a prompt out to its experts: the more there are, the smaller the products."""
    return (
        min(1.0, figures["llm.prefill.mixture"] * math.sqrt(model.share))
        if model.share < 1
        else 1.0
    )


def _attention(model: Language) -> float:
    """FLOP for each pair of tokens: 4 × layers × width, 131072 × 4 at 8 G parameters."""
    return 4 * 131072.0 * math.pow(model.body / 8e9, 0.67)
