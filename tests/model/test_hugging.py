"""Configurations give the parameters that their authors publish."""

import pytest

from advisor.errors import AdvisorError
from advisor.model.hugging import workload
from advisor.operation import work


def llama(hidden, layers, heads, kv, inner, words, **more):
    return {
        "model_type": "llama", "hidden_size": hidden, "num_hidden_layers": layers,
        "num_attention_heads": heads, "num_key_value_heads": kv, "intermediate_size": inner,
        "vocab_size": words, **more,
    }  # fmt: skip


MIXTRAL = llama(4096, 32, 32, 8, 14336, 32000, model_type="mixtral", num_local_experts=8,
                num_experts_per_tok=2)  # fmt: skip
QWEN = llama(3584, 28, 28, 4, 18944, 152064, model_type="qwen2")
GPT2 = {"model_type": "gpt2", "n_embd": 768, "n_layer": 12, "n_head": 12, "vocab_size": 50257}


# Parameters: arXiv:2307.09288 (Llama 2), arXiv:2407.21783 (Llama 3), arXiv:2310.06825 (Mistral),
# arXiv:2401.04088 (Mixtral), arXiv:2412.15115 (Qwen2.5); GPT-2's 124 M: its model card.
@pytest.mark.parametrize(
    ("config", "parameters"),
    [
        (llama(4096, 32, 32, 32, 11008, 32000), 6.74e9),
        (llama(5120, 40, 40, 40, 13824, 32000), 13.0e9),
        (llama(8192, 80, 64, 8, 28672, 32000), 69.0e9),
        (llama(4096, 32, 32, 8, 14336, 128256), 8.03e9),
        (llama(2048, 16, 32, 8, 8192, 128256, tie_word_embeddings=True), 1.24e9),
        (llama(4096, 32, 32, 8, 14336, 32000, model_type="mistral"), 7.24e9),
        (MIXTRAL, 46.7e9),
        (QWEN, 7.62e9),
        (GPT2, 124e6),
    ],
)
def test_language_models(config, parameters):
    found = workload(config, "x", 1024)
    assert found.llm.parameters == pytest.approx(parameters, rel=0.02)
    assert (found.llm.prompt, found.phases) == (1024, ("prefill", "decode"))


def encoder(kind, hidden, layers, heads, inner, **more):
    return {
        "model_type": kind, "hidden_size": hidden, "num_hidden_layers": layers,
        "num_attention_heads": heads, "intermediate_size": inner, **more,
    }  # fmt: skip


BERT = {"vocab_size": 30522, "max_position_embeddings": 512}
IMAGE = {"image_size": 224, "patch_size": 16}
T5 = {"model_type": "t5", "d_model": 512, "num_layers": 6, "num_heads": 8, "d_kv": 64, "d_ff": 2048,
      "vocab_size": 32128}  # fmt: skip
WHISPER = {"model_type": "whisper", "d_model": 512, "encoder_layers": 6, "decoder_layers": 6,
           "encoder_attention_heads": 8, "decoder_attention_heads": 8, "encoder_ffn_dim": 2048,
           "decoder_ffn_dim": 2048, "vocab_size": 51865, "num_mel_bins": 80}  # fmt: skip


# arXiv:1810.04805 (BERT 110 M, 340 M), arXiv:2010.11929 (ViT 86 M, 307 M; 17.6 and 61.6 G
# multiply-adds), arXiv:1910.10683 (T5 small 60 M), arXiv:2212.04356 (Whisper base 74 M).
@pytest.mark.parametrize(
    ("config", "parameters", "multiplied", "within"),
    [
        (encoder("bert", 768, 12, 12, 3072, **BERT), 109.5e6, None, 0.02),
        (encoder("bert", 1024, 24, 16, 4096, **BERT), 335e6, None, 0.02),
        (encoder("vit", 768, 12, 12, 3072, **IMAGE), 86e6, 17.6e9, 0.02),
        (encoder("vit", 1024, 24, 16, 4096, **IMAGE), 304e6, 61.6e9, 0.02),
        (T5, 60.5e6, None, 0.02),
        (WHISPER, 72.6e6, None, 0.02),
    ],
)
def test_graphs(config, parameters, multiplied, within):
    graph = workload(config, "x").graph
    assert graph.parameters == pytest.approx(parameters, rel=within)
    if multiplied:
        flops = sum(op.count * work(op).flops for op in graph.ops if op.op != "norm")
        assert flops / 2 == pytest.approx(multiplied, rel=within)


@pytest.mark.parametrize(
    ("config", "wrong"),
    [
        ({}, "model_type is ''"),
        ({"model_type": "mamba"}, "model_type is 'mamba'"),
        ({"model_type": "llama"}, "no hidden_size"),
        (llama(10**12, 1, 1, 1, 1, 1), "hidden_size is no whole number"),
        (llama("4096", 1, 1, 1, 1, 1), "hidden_size is no whole number"),
        (llama(True, 1, 1, 1, 1, 1), "hidden_size is no whole number"),
        (llama(0, 1, 1, 1, 1, 1), "hidden_size is no whole number"),
    ],
)
def test_what_cannot_be_read_says_why(config, wrong):
    with pytest.raises(AdvisorError, match=wrong):
        workload(config, "x")
