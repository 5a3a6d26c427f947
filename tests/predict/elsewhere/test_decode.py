"""Language models are bound by bytes when they decode, and by arithmetic in the prompt."""

import pytest

from advisor.predict.elsewhere import decode
from advisor.predict.elsewhere.decode import Language, weight_bytes
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


def test_a_prompt_is_bound_by_compute(device, figures):
    made = decode.forecast(EIGHT, device("NVIDIA GeForce RTX 4090"), run(phase="prefill"), figures)
    assert made.bound == "compute"
    assert 2000 < 512 / made.seconds < 12000


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


def test_stored_bytes():
    assert weight_bytes("Q8_0") == pytest.approx(8.5 / 8)
    assert weight_bytes("F16") == 2
    assert weight_bytes("bf16") == 2
    assert weight_bytes("Q4_K_M") == pytest.approx(0.606, abs=0.01)


def test_a_configuration_says_the_same():
    llama = LanguageModel(
        layers=32, hidden=4096, heads=32, kv_heads=8, head_size=128, intermediate=14336,
        vocabulary=128256, context=1024, prompt=512,
    )  # fmt: skip
    made = decode.described(llama, "bf16")
    assert made.params == pytest.approx(8.03e9, rel=0.01)
    assert made.cache_token == 131072
