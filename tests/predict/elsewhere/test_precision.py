"""Number formats have one spelling, and bytes."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.errors import AdvisorError
from advisor.predict.elsewhere.precision import element_bytes, quantised, spelt


@pytest.mark.parametrize(
    ("written", "one", "size"),
    [
        ("fp32", "fp32", 4),
        ("Float16", "fp16", 2),
        ("BF16", "bf16", 2),
        ("bfloat16", "bf16", 2),
        ("amp", "amp", 2),
        ("fp8_block", "fp8", 1),
        ("W8A8", "int8", 1),
        ("int8_wo", "int8_wo", 1),
        ("q4_k_m", "Q4_K_M", 4.85 / 8),
        ("Q4_K - Medium", "Q4_K_MEDIUM", 4.85 / 8),
        ("GGUF:Q8_0", "Q8_0", 8.5 / 8),
        ("ggml_type_q6_k", "Q6_K", 6.6 / 8),
        ("UD-Q4_K_XL", "Q4_K_XL", 4.85 / 8),
        ("iq4_xs", "IQ4_XS", 4.4 / 8),
        ("mxfp4", "MXFP4", 4.25 / 8),
        ("F16", "F16", 2),
        ("compressed-tensors fp8", "fp8", 1),
        ("AWQ 4-bit", "int4", 0.56),
    ],
)
def test_spelling(written, one, size):
    assert spelt(written) == one
    assert element_bytes(one) == pytest.approx(size)


@pytest.mark.parametrize(
    ("dtype", "told"), [("Q4_K_M", True), ("F16", True), ("fp16", False), ("int4", False)]
)
def test_llama_cpp_runs_its_own(dtype, told):
    assert quantised(dtype) is told


@given(st.text(max_size=40))
def test_any_text_has_bytes_or_is_refused(text):
    with contextlib.suppress(AdvisorError):
        assert 0 < element_bytes(spelt(text)) <= 8


@pytest.mark.parametrize("written", ["fp99", "", "nobody knows", "Q"])
def test_what_is_no_format_is_refused_with_the_nearest(written):
    with pytest.raises(AdvisorError, match="no number format"):
        spelt(written)
