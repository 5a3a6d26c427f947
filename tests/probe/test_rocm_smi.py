"""What rocm-smi printed is evidence in a captured tree, whatever ROCm wrote it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.rocm_smi import FILE, devices
from tests.tools.tree import data, source


def read(text, kind="tree"):
    return devices(source({FILE: text}, kind=kind))


@pytest.mark.parametrize(
    ("file", "count", "first"),
    [
        ("mi100_rocm571", 6, ("Instinct MI100", "1002:738c", "0000:1e:00.0", 34342961152)),
        ("rx6700xt_rocm430", 1, (None, "1002:73df", "0000:07:00.0", 12868124672)),
        ("rx6700xt_rocm602", 1, (None, "1002:73df", "0000:07:00.0", 12868124672)),
        ("vega-10-XT", 1, (None, "1002:6861", "0000:04:00.0", 17163091968)),
    ],
)
def test_captures(file, count, first):
    found = read((data() / f"rocm-smi-json/{file}.json").read_text())
    assert len(found) == count
    device = found[0]
    assert (device.name, device.pci_id, device.pci_address, device.memory_bytes) == first
    assert 0 < device.memory_free_bytes < device.memory_bytes


@pytest.mark.parametrize("text", ["", "[]", "{", '{"card0": 3}', "[" * 5000])
def test_no_cards(text):
    assert read(text) == []


def test_a_live_system_is_not_asked():
    assert read('{"card0": {}}', kind="live") == []


KEYS = st.sampled_from(["Device ID", "PCI Bus", "Card Series", "VRAM Total Memory (B)"])


@given(st.dictionaries(KEYS, st.text(max_size=9)))
def test_no_value_breaks_it(card):
    (found,) = read(json.dumps({"card0": card}))
    assert found.memory_bytes is None or found.memory_bytes >= 0
