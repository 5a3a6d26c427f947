"""A Mac's GPUs come from macOS's report; Apple's work in the host's memory."""

import json

import pytest

from advisor.probe.accelerators.apple import MEMORY, REPORT, look
from tests.tools.tree import source

M2 = {"sppci_model": "Apple M2 Pro", "sppci_cores": "19", "spdisplays_vendor": "sppci_vendor_Apple"}
RADEON = {"sppci_model": "AMD Radeon Pro 5500M", "spdisplays_vram": "8 GB",
          "spdisplays_vendor": "sppci_vendor_amd"}  # fmt: skip
IRIS = {"sppci_model": "Intel Iris Pro", "spdisplays_vram_shared": "1536 MB"}


def seen(cards, platform="darwin"):
    text = cards if isinstance(cards, str) else json.dumps({"SPDisplaysDataType": cards})
    programs = {REPORT: text, MEMORY: "34359738368\n"}
    return look(source({}, facts={"platform": platform}, programs=programs), timeout=1.0)


@pytest.mark.parametrize(
    ("card", "vendor", "memory", "unified", "units"),
    [
        (M2, "Apple", 34359738368, True, 19),
        (RADEON, "AMD", 8 << 30, False, None),
        (IRIS, None, None, False, None),
    ],
)
def test_look(card, vendor, memory, unified, units):
    (device,) = seen([card]).devices
    assert (device.vendor, device.name) == (vendor, card["sppci_model"])
    assert (device.memory_bytes, device.unified_memory) == (memory, unified)
    assert device.compute_units == units


def test_other_systems_have_none():
    assert seen([M2], "linux").devices == ()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"SPDisplaysDataType": [3]}', "[" * 5000])
def test_an_empty_report_is_not_no_gpu(text):
    found = seen(text)
    assert found.devices == ()
    assert found.unseen


def test_no_report_is_not_no_gpu():
    found = look(source({}, facts={"platform": "darwin"}), timeout=1.0)
    assert "did not report" in found.unseen
