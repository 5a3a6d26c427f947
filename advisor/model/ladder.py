"""Language models of any size: a configuration between those that are published.

Depth and width lie on the line (in logarithms) between the neighbours; the feed-forward block
takes what is left, so that the parameters are those asked for.
"""

import re
from bisect import bisect_left
from math import exp, log

import msgspec

from advisor.workload import LanguageModel, Workload

# G parameters, layers, hidden size: config.json of Qwen2.5 0.5B, Llama 3.2 1B and 3B, Llama 3.1 8B,
# Qwen2.5 14B, Llama 3.1 70B and 405B (huggingface.co/Qwen, huggingface.co/meta-llama).
_RUNGS = (
    (0.49, 24, 896), (1.24, 16, 2048), (3.21, 28, 3072), (8.03, 32, 4096), (14.8, 48, 5120),
    (70.6, 80, 8192), (405.9, 126, 16384),
)  # fmt: skip
_LEAST, _MOST = 0.1, 2000.0
_NAME = re.compile(r"llm-(\d{1,4}(?:\.\d{1,3})?)b")
# Llama 3's (arXiv:2407.21783, table 3): words, key-value heads, size of a head.
_WORDS, _KV_HEADS, _HEAD = 128_256, 8, 128
# Below this size input and output embeddings are one (Llama 3.2 3B is, Llama 3.1 8B is not).
_TIED_BELOW = 5.0
_STEP = 64


def workload(name: str) -> Workload | None:
    """Return the language model that ``llm-<N>b`` stands for; None where it is no such name."""
    found = _NAME.fullmatch(name)
    size = float(found[1]) if found else 0.0
    if not _LEAST <= size <= _MOST:
        return None
    return Workload(
        name=name,
        title=f"Text generation with a language model of {size:g} G parameters",
        network=f"a decoder scaled to {size:g} G parameters between published ones",
        unit="tokens",
        phases=("prefill", "decode"),
        batches=(1, 4, 16, 64),
        sources=("Qwen2.5 0.5B and 14B, Llama 3.2 1B and 3B, Llama 3.1 8B, 70B and 405B",),
        llm=configuration(size * 1e9),
    )


def contextual(found: Workload, context: int | None) -> Workload:
    """Return a language model with so many tokens of prompt and context; all else as it is."""
    if found.llm is None or context is None:
        return found
    model = msgspec.structs.replace(found.llm, context=context, prompt=context)
    return msgspec.structs.replace(found, llm=model)


def configuration(parameters: float) -> LanguageModel:
    """Return a decoder with so many parameters (to within the rounding of its widths)."""
    layers, hidden = _between(parameters / 1e9)
    heads = max(round(hidden / _HEAD / _KV_HEADS) * _KV_HEADS, _KV_HEADS)
    head = _HEAD if hidden >= _KV_HEADS * _HEAD else max(round(hidden / heads / 8) * 8, 8)
    model = LanguageModel(
        layers=layers,
        hidden=heads * head,
        heads=heads,
        kv_heads=_KV_HEADS,
        head_size=head,
        intermediate=_STEP,
        vocabulary=_WORDS,
        context=2048,
        prompt=512,
        tied=parameters < _TIED_BELOW * 1e9,
    )
    left = parameters - model.parameters + layers * model.expert
    inner = max(round(left / layers / (3 * model.hidden) / _STEP), 1) * _STEP
    return msgspec.structs.replace(model, intermediate=inner)


def _between(size: float) -> tuple[int, float]:
    """Return layers and hidden size for so many G parameters; past the ends, in proportion."""
    above = min(max(bisect_left(_RUNGS, (size, 0, 0)), 1), len(_RUNGS) - 1)
    low, high = _RUNGS[above - 1], _RUNGS[above]
    along = log(size / low[0]) / log(high[0] / low[0])
    along = min(max(along, 0.0), 1.0)
    layers = low[1] * exp(along * log(high[1] / low[1]))
    hidden = low[2] * exp(along * log(high[2] / low[2]))
    # Width and depth grow by the cube root of what is beyond the ends.
    beyond = (size / min(max(size, _RUNGS[0][0]), _RUNGS[-1][0])) ** (1 / 3)
    return max(round(layers * beyond), 1), hidden * beyond
