"""NVML is asked only where something speaks for an NVIDIA device."""

import pytest

from advisor.probe import pci
from advisor.probe.nvml.evidence import by_driver, cards, contained, driver, found
from tests.tools.tree import card, source

OPEN = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.124.06  Release Build"


@pytest.mark.parametrize(
    ("files", "facts", "wanted"),
    [
        ({}, {}, False),
        (card("0000:00:02.0", "8086:9a49"), {}, False),
        (card("0000:01:00.0", "10de:27b8"), {}, True),
        (card("0000:01:00.1", "10de:22bd", "0x040300"), {}, False),
        ({"/proc/driver/nvidia/version": OPEN}, {}, True),
        ({"/dev/nvidiactl": ""}, {}, True),
        ({"/usr/lib/wsl/lib/libnvidia-ml.so.1": ""}, {}, True),
        ({"/opt/x/libnvidia-ml.so.1": ""}, {"env:LD_LIBRARY_PATH": ":/y:/opt/x"}, True),
    ],
)
def test_found(files, facts, wanted):
    here = source(files, facts=facts)
    assert found(here, pci.functions(here)) == wanted


@pytest.mark.parametrize(
    ("files", "version"),
    [
        ({"/proc/driver/nvidia/version": OPEN}, "570.124.06"),
        ({"/sys/module/nvidia/version": "535.161.07\n"}, "535.161.07"),
        ({"/proc/driver/nvidia/version": "garbage"}, None),
        ({}, None),
    ],
)
def test_driver(files, version):
    assert driver(source(files)) == version


def test_by_driver():
    files = {
        "/proc/driver/nvidia/gpus/0000:C1:00.0/information": "Model: \t\t NVIDIA L4\nIRQ: 5\n",
        "/proc/driver/nvidia/gpus/0004:05:00.0/numa_status": "Node: 250\n",
        "/proc/driver/nvidia/gpus/junk/information": "Model: x\n",
    }
    assert by_driver(source(files)) == {"0000:c1:00.0": "NVIDIA L4", "0004:05:00.0": None}


def test_cards_none_where_pci_is_unknown():
    assert cards(None) == []


@pytest.mark.parametrize(
    ("files", "facts", "wanted"),
    [({}, {}, False), ({"/.dockerenv": ""}, {}, True), ({}, {"env:container": "podman"}, True)],
)
def test_contained(files, facts, wanted):
    assert contained(source(files, facts=facts)) == wanted
