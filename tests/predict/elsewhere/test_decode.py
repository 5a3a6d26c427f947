"""Language models are bound by bytes when they decode, and by arithmetic in the prompt."""

import msgspec
import pytest

from advisor.predict.elsewhere import decode
from advisor.predict.elsewhere.decode import Language
from advisor.predict.elsewhere.forecast import Run
from advisor.workload import LanguageModel

EIGHT = Language(params=8.03e9, bytes=4.92e9, context=512, prompt=512)


def run(**changes):
    return Run(**({"phase": "decode", "dtype": "Q4_K_M"} | changes))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        # Published by their owners for an 8 G model in Q4_K_M; see the fitting script's tables.
        ("NVIDIA GeForce RTX 5070", 90, 120),
        ("AMD Radeon RX 7900 XT", 95, 130),
        ("Apple M4 Pro", 35, 56),
        ("NVIDIA GB10", 35, 48),
    ],
)
def test_decoding(device, figures, name, low, high):
    made = decode.forecast(EIGHT, device(name), run(), figures)
    assert low < 1 / made.seconds < high
    assert made.bound == "memory"


def test_a_batch_reads_the_weights_once(device, figures):
    card = device("NVIDIA H100 80GB HBM3")
    one = decode.forecast(EIGHT, card, run(dtype="bf16"), figures).seconds
    many = decode.forecast(EIGHT, card, run(dtype="bf16", batch=8), figures).seconds
    assert one < many < 4 * one


def test_a_mixture_reads_what_it_uses(device, figures):
    card = device("NVIDIA GeForce RTX 5090")
    whole = Language(params=30e9, bytes=18e9, context=512)
    mixture = Language(params=30e9, bytes=18e9, active_params=3e9, context=512)
    fast = decode.forecast(mixture, card, run(), figures).seconds
    assert fast < 0.4 * decode.forecast(whole, card, run(), figures).seconds


def test_layers_dealt_out_do_not_speed_one_sequence(device, figures):
    card = device("NVIDIA GeForce RTX 3090")
    one = decode.forecast(EIGHT, card, run(), figures).seconds
    assert decode.forecast(EIGHT, card, run(count=2), figures).seconds == one
    split = decode.forecast(EIGHT, card, run(dtype="fp16", count=2), figures).seconds
    assert split < one


def test_a_large_batch_is_multiplied_by_the_matrix_units(device, figures):
    card = device("NVIDIA A100-SXM4-80GB")
    serving = run(dtype="bf16", batch=256)
    seconds = decode.forecast(Language(params=8.03e9, bytes=16.06e9), card, serving, figures)
    assert 2 * 8.03e9 * 256 / 312e12 < seconds.compute < 0.06


def test_cached_tokens_are_read_at_less_than_the_rate_of_weights(device, figures):
    card = device("AMD Radeon 8060S")
    short, long = (
        decode.forecast(msgspec.structs.replace(EIGHT, context=c), card, run(), figures).seconds
        for c in (256, 2048)
    )
    # llama-bench there: 43 and 37.6 tokens/s in the mean of 128 and of 4,096 generated tokens.
    assert long / short == pytest.approx(43 / 37.6, rel=0.08)


@pytest.mark.parametrize(
    ("params", "size", "active", "best"),
    [
        (30.5e9, 17.7e9, 3.3e9, 78),
        (106e9, 72.8e9, 12e9, 23),
        (142e9, 91e9, 14e9, 22),
        (235e9, 105e9, 22e9, 15),
    ],
)
def test_mixtures_decode_as_llama_bench_has_them(device, figures, params, size, active, best):
    """On a Radeon 8060S, generating 128 tokens; the best build."""
    model = Language(params=params, bytes=size, active_params=active, context=64)
    made = decode.forecast(model, device("AMD Radeon 8060S"), run(), figures)
    assert 1 / made.seconds == pytest.approx(best, rel=0.25)


def test_a_configuration_says_the_same():
    llama = LanguageModel(
        layers=32, hidden=4096, heads=32, kv_heads=8, head_size=128, intermediate=14336,
        vocabulary=128256, context=1024, prompt=512,
    )  # fmt: skip
    made = decode.described(llama, "bf16")
    assert made.params == pytest.approx(8.03e9, rel=0.01)
    assert made.cache_token == 131072
