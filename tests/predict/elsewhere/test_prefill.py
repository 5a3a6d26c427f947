"""Prompts: bound by arithmetic, slower for mixtures, not for cards with half-rate matrix units."""

import msgspec
import pytest

from advisor.predict.elsewhere import prefill
from advisor.predict.elsewhere.decode import Language
from advisor.predict.elsewhere.forecast import Run

EIGHT = Language(params=8.03e9, bytes=4.92e9, context=512, prompt=512)


def rate(model, device, figures, dtype="Q4_K_M", **run):
    made = prefill.forecast(model, device, Run(phase="prefill", dtype=dtype, **run), figures)
    return made, model.prompt / made.seconds


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("NVIDIA GeForce RTX 4090", 5000, 13000),
        ("AMD Radeon 8060S", 550, 1000),  # llama-bench there: 616 in the middle, 878 at best
        ("Apple M4 Pro", 250, 600),
    ],
)
def test_a_prompt_is_bound_by_compute(device, figures, name, low, high):
    made, tokens = rate(EIGHT, device(name), figures)
    assert made.bound == "compute"
    assert low < tokens < high


def test_half_rate_matrix_units_do_not_slow_llama_cpp_but_do_slow_bf16(device, figures):
    half, full = device("NVIDIA GeForce RTX 3090"), device("NVIDIA RTX A6000")
    ratio = [rate(EIGHT, d, figures)[1] for d in (half, full)]
    assert ratio[0] / ratio[1] == pytest.approx(0.93, abs=0.1)
    served = [rate(EIGHT, d, figures, "bf16")[1] for d in (half, full)]
    assert served[0] / served[1] < 0.7


@pytest.mark.parametrize(
    ("params", "size", "active", "best", "middle"),
    [
        (30.5e9, 17.7e9, 3.3e9, 688, 584),
        (106e9, 72.8e9, 12e9, 180, 152),
        (70.6e9, 42.5e9, None, 95, 27),
    ],
)
def test_prompts_as_llama_bench_has_them(device, figures, params, size, active, best, middle):
    """512 tokens on a Radeon 8060S: the best build and the middle one."""
    model = Language(params=params, bytes=size, active_params=active, prompt=512)
    _, tokens = rate(model, device("AMD Radeon 8060S"), figures)
    assert 0.85 * middle < tokens < 1.15 * best


def test_attention_grows_with_the_prompt(device, figures):
    card = device("NVIDIA L4")
    short = rate(EIGHT, card, figures)[0].seconds
    long = rate(msgspec.structs.replace(EIGHT, prompt=8192), card, figures)[0].seconds
    assert long > 16 * short


def test_devices_share_a_prompt_where_the_engine_splits_the_model(device, figures):
    card = device("NVIDIA H100 80GB HBM3")
    one, two = (rate(EIGHT, card, figures, "bf16", count=n)[0].compute for n in (1, 2))
    assert one == pytest.approx(2 * two)
