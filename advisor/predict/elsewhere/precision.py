"""Names of number formats: torch's, serving engines' and llama.cpp's, in one spelling.

llama.cpp's quantisations keep its spelling, in capitals (``Q4_K_M``); whatever else is in torch's.
"""

import re
from difflib import get_close_matches

from advisor.errors import AdvisorError

# Bits a weight of llama.cpp's files, by the beginning of their names (its README's tables).
_BITS = {"TQ1": 1.7, "TQ2": 2.1, "IQ1": 1.75, "IQ2": 2.5, "IQ3": 3.4, "IQ4": 4.4, "Q2": 3.0,
         "Q3": 3.9, "Q4": 4.85, "Q5": 5.7, "Q6": 6.6, "Q8": 8.5, "MX": 4.25,
         "F16": 16.0, "BF16": 16.0, "F32": 32.0}  # fmt: skip
_QUANTISED = re.compile(r"(?:i?q|tq)\d\w*|mxfp4\w*|f16|f32")
_PREFIX = re.compile(r"^(?:gguf|ggml_type|ggml|mostly|torch)[\s:._-]+|^ud[_-]")
_OTHERS = {
    "float32": "fp32", "float": "fp32", "single": "fp32", "tfloat32": "tf32",
    "float16": "fp16", "half": "fp16", "mixed": "amp", "autocast": "amp", "amp_fp16": "amp",
    "amp_bf16": "bf16", "bfloat16": "bf16", "float64": "fp64", "double": "fp64",
    "float8": "fp8", "fp8_block": "fp8", "fp8_e4m3": "fp8", "fp8_e5m2": "fp8", "e4m3": "fp8",
    "float8_e4m3fn": "fp8", "float8_e5m2": "fp8", "w8a8": "int8", "sq": "int8", "i8": "int8",
    "uint8": "int8", "awq": "int4", "gptq": "int4", "w4a16": "int4", "int4_wo": "int4",
    "nvfp4": "fp4", "float4": "fp4",
}  # fmt: skip
_BYTES = {"fp64": 8.0, "fp32": 4.0, "tf32": 4.0, "fp8": 1.0, "int8": 1.0, "int8_wo": 1.0,
          "int4": 0.56, "fp4": 0.56}  # fmt: skip


_TORCH = {"fp32", "tf32", "fp16", "bf16", "amp", *_BYTES}
# What a longer name of a serving engine's format means, by the first mark that is found in it.
_MARKED = {"fp8": "fp8", "e4m3": "fp8", "w4": "int4", "int4": "int4", "4bit": "int4",
           "4_bit": "int4", "fp4": "fp4", "int8": "int8", "w8": "int8", "8bit": "int8",
           "8_bit": "int8", "bf16": "bf16", "bfloat16": "bf16", "fp16": "fp16",
           "float16": "fp16", "fp32": "fp32"}  # fmt: skip


def spelt(dtype: str) -> str:
    """Return a format's one spelling: ``Half`` is fp16, ``q4_k_m`` is Q4_K_M.

    Raises:
        AdvisorError: it is no number format that is known; the nearest are named.
    """
    plain = re.sub(r"[\s-]+", "_", _PREFIX.sub("", dtype.strip().casefold()))
    if _QUANTISED.fullmatch(plain):
        return plain.upper()
    found = _OTHERS.get(plain, plain)
    if found in _TORCH:
        return found
    marked = next((meant for mark, meant in _MARKED.items() if mark in found), None)
    if marked is None:
        near = get_close_matches(plain, (*_TORCH, *_OTHERS), n=3) or sorted(_TORCH)
        wrong = "it is no number format that is known"
        raise AdvisorError(f"read the dtype {dtype[:40]!r}", wrong, remedy=", ".join(near))
    return marked


def quantised(dtype: str) -> bool:
    """Whether llama.cpp runs it: one of its own formats, in their one spelling."""
    return dtype != dtype.casefold()


def element_bytes(dtype: str) -> float:
    """Return bytes of an element as stored: 2 for fp16, bf16, amp and what is unknown."""
    if quantised(dtype):
        return next((bits for name, bits in _BITS.items() if dtype.startswith(name)), 4.85) / 8
    return _BYTES.get(dtype, 2.0)
