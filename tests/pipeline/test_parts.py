"""The catalogue is listed by words and looked up by name."""

import pytest

from advisor.errors import AdvisorError
from advisor.pipeline.parts import chosen, named


def test_words_and_kind():
    found = [part.name for part in chosen(("4090",), "gpu", ()).parts]
    assert found == [
        "NVIDIA GeForce RTX 4090",
        "NVIDIA GeForce RTX 4090 D",
        "NVIDIA GeForce RTX 4090 Laptop GPU",
    ]


def test_what_is_not_there():
    with pytest.raises(AdvisorError, match="none is"):
        chosen(("no such thing",), "", ())


def test_looked_up_with_a_note():
    found = named(("nvidia geforce rtx 3080", "NVIDIA A10"), ())
    assert [part.name for part in found.parts] == ["NVIDIA GeForce RTX 3080 10GB", "NVIDIA A10"]
    assert found.compared
    assert "launched first" in found.notes[0]
