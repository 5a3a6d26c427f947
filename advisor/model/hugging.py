"""A Hugging Face ``config.json`` as a workload: sizes are read, nothing is downloaded or run."""

from collections.abc import Callable, Mapping
from typing import Any

from advisor.errors import AdvisorError
from advisor.model.layers import Shape, decoder, embedded, encoder, gathered
from advisor.operation import Op, OpGraph
from advisor.workload import LanguageModel, Workload

Config = Mapping[str, Any]

# model_type -> whether the feed-forward block has three matrices.
_LANGUAGE = {
    **dict.fromkeys(("llama", "mistral", "mixtral", "qwen2", "qwen3", "qwen3_moe"), True),
    **dict.fromkeys(("gemma", "gemma2", "phi3", "olmo", "olmo2", "granite", "stablelm"), True),
    **dict.fromkeys(("gpt2", "gpt_neox", "opt", "gpt_bigcode", "falcon"), False),
}
_TIED = {"gpt2", "gemma", "gemma2", "opt"}
_ENCODERS = ("bert", "roberta", "electra", "xlm-roberta", "camembert", "distilbert")
_MOST = 10**9
_USUAL_TOKENS = 512
# 3,000 frames of 10 ms halved by the second convolution (Whisper, arXiv:2212.04356, 2.2).
_SOUND_TOKENS, _MELS = 1500, 80


def workload(config: Config, name: str, sequence: int | None = None) -> Workload:
    """Read a configuration; ``sequence`` is the tokens of a sample, or of prompt and context.

    Raises:
        AdvisorError: it is of a family that is not known, or lacks a size.
    """
    family = str(config.get("model_type", ""))
    if family in _LANGUAGE:
        return _language(config, name, sequence, gated=_LANGUAGE[family])
    reader = _GRAPHS.get(family)
    if reader is None:
        known = ", ".join(sorted({*_LANGUAGE, *_GRAPHS}))
        wrong = f"its model_type is {family[:60]!r}"
        raise AdvisorError(f"read {name}", wrong, remedy=f"known are {known}")
    return Workload(
        name=name, title=name, network=family, unit="samples",
        phases=("training", "inference"), batches=(1, 8, 32, 128), sources=(),
        graph=reader(config, name, sequence),
    )  # fmt: skip


def _size(config: Config, name: str, *keys: str, usual: int | None = None) -> int:
    """Return the first of some keys that is there: a whole number in bounds."""
    for key in keys:
        value = config.get(key)
        if value is not None:
            if type(value) is not int or not 0 < value <= _MOST:
                wrong = f"{key} is no whole number from 1 to {_MOST}"
                raise AdvisorError(f"read {name}", wrong)
            return value
    if usual is None:
        raise AdvisorError(f"read {name}", f"it has no {keys[0]}")
    return usual


def _language(config: Config, name: str, sequence: int | None, *, gated: bool) -> Workload:
    def size(*keys: str, usual: int | None = None) -> int:
        return _size(config, name, *keys, usual=usual)

    hidden, heads = size("hidden_size", "n_embd"), size("num_attention_heads", "n_head")
    tokens = sequence or _USUAL_TOKENS
    tied = config.get("tie_word_embeddings", config.get("model_type") in _TIED)
    model = LanguageModel(
        layers=size("num_hidden_layers", "n_layer"),
        hidden=hidden,
        heads=heads,
        kv_heads=size("num_key_value_heads", "num_kv_heads", usual=heads),
        head_size=size("head_dim", usual=max(hidden // heads, 1)),
        intermediate=size(
            "moe_intermediate_size", "intermediate_size", "ffn_dim", "n_inner", usual=4 * hidden
        ),
        vocabulary=size("vocab_size"),
        context=tokens,
        prompt=tokens,
        gated=gated,
        tied=bool(tied),
        experts=size("num_local_experts", "num_experts", usual=1),
        experts_used=size("num_experts_per_tok", usual=1),
    )
    return Workload(
        name=name, title=name, network=str(config["model_type"]), unit="tokens",
        phases=("prefill", "decode"), batches=(1, 4, 16, 64), sources=(), llm=model,
    )  # fmt: skip


def _shape(config: Config, name: str, side: str = "") -> Shape:
    width = _size(config, name, "hidden_size", "dim", "d_model")
    heads = (f"{side}attention_heads", "num_attention_heads", "n_heads", "num_heads")
    inner = (f"{side}ffn_dim", "intermediate_size", "hidden_dim", "d_ff")
    layers = (f"{side}layers", f"num_{side}layers", "num_hidden_layers", "n_layers", "num_layers")
    count = _size(config, name, *heads)
    return Shape(
        width=width,
        heads=count,
        head=_size(config, name, "d_kv", usual=max(width // count, 1)),
        inner=_size(config, name, *inner, usual=4 * width),
        layers=_size(config, name, *layers),
    )


def _encoder(config: Config, name: str, sequence: int | None) -> OpGraph:
    shape = _shape(config, name)
    tokens = sequence or min(_size(config, name, "max_position_embeddings", usual=512), 512)
    places = _size(config, name, "max_position_embeddings", usual=512)
    words = _size(config, name, "vocab_size") + places
    return gathered(
        [embedded(tokens, shape.width), *encoder(shape, tokens)], shape, tokens, words * shape.width
    )


def _vision(config: Config, name: str, sequence: int | None) -> OpGraph:  # noqa: ARG001 - as all
    shape = _shape(config, name)
    side, patch = _size(config, name, "image_size"), _size(config, name, "patch_size")
    channels = _size(config, name, "num_channels", usual=3)
    tokens = (side // patch) ** 2 + 1
    pixels = {"c": channels, "h": side, "w": side, "k": shape.width}
    stem = Op(
        op="conv", kernel="convolution",
        shape={**pixels, "r": patch, "s": patch, "stride": patch},
        weights=1.0 * channels * patch * patch * shape.width,
    )  # fmt: skip
    return gathered([stem, *encoder(shape, tokens)], shape, tokens, tokens * shape.width)


def _text_to_text(config: Config, name: str, sequence: int | None) -> OpGraph:
    shape = _shape(config, name)
    tokens, words = sequence or _USUAL_TOKENS, _size(config, name, "vocab_size")
    gated = "gated" in str(config.get("feed_forward_proj", ""))
    ops = [
        embedded(tokens, shape.width),
        *encoder(shape, tokens, gated=gated),
        *decoder(shape, tokens, tokens, words, gated=gated),
    ]
    apart = 0 if config.get("tie_word_embeddings", True) else words * shape.width
    return gathered(ops, shape, 2 * tokens, apart)


def _speech(config: Config, name: str, sequence: int | None) -> OpGraph:
    shape, back = _shape(config, name, "encoder_"), _shape(config, name, "decoder_")
    words, tokens = _size(config, name, "vocab_size"), sequence or 64
    mels = _size(config, name, "num_mel_bins", usual=_MELS)
    line = {"h": 1, "r": 1, "s": 3, "k": shape.width, "padding": 0, "padding_w": 1}
    stem = [
        Op(op="conv", kernel="convolution", shape={**line, "c": mels, "w": 2 * _SOUND_TOKENS}),
        Op(op="conv", kernel="convolution",
           shape={**line, "c": shape.width, "w": 2 * _SOUND_TOKENS, "stride": 1, "stride_w": 2}),
    ]  # fmt: skip
    ops = [*stem, *encoder(shape, _SOUND_TOKENS), *decoder(back, tokens, _SOUND_TOKENS, words)]
    places = _size(config, name, "max_target_positions", usual=448)
    return gathered(ops, shape, _SOUND_TOKENS + tokens, places * shape.width)


_GRAPHS: dict[str, Callable[[Config, str, int | None], OpGraph]] = {
    **dict.fromkeys(_ENCODERS, _encoder),
    **dict.fromkeys(("vit", "deit"), _vision),
    "t5": _text_to_text,
    "whisper": _speech,
}
