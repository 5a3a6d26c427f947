"""What a plain scalar means: the core schema of YAML 1.2 (section 10.3.2), and nothing more."""

import re

from advisor.book.tree import Scalar

_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = dict.fromkeys(("", "~", "null", "Null", "NULL"))
_WORDS |= dict.fromkeys(("true", "True", "TRUE"), True)
_WORDS |= dict.fromkeys(("false", "False", "FALSE"), False)
DIGITS = 18  # an integer of more digits fits no field of ours


def core(scalar: Scalar) -> str | float | bool | None:
    """Return the value; ``no``, ``on`` and ``12:30:45`` stay texts.

    Raises ValueError on a number too large to be meant.
    """
    text = scalar.text
    if not scalar.plain:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > DIGITS:
            raise ValueError(f"a number of {len(text)} digits")
        return int(text, 0 if text[:2] in {"0o", "0x"} else 10)
    if _NUMBER.fullmatch(text):
        value = float(text)
        if value in {float("inf"), float("-inf")}:
            raise ValueError("a number out of range")
        return value
    return text
