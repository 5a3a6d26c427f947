"""Intel's GPUs: the processor's own works in the host's memory, a card in its own."""

import pytest

from advisor.probe.accelerators.intel import look
from tests.tools.tree import card, source

GIB = 1 << 30
HOST = {"/proc/meminfo": "MemTotal: 1000 kB\nMemAvailable: 900 kB\n"}
OWN = card("0000:00:02.0", "8086:9a49", driver="i915")
ARC = card("0000:03:00.0", "8086:e20b", driver="xe") | {
    "/sys/bus/pci/devices/0000:03:00.0/tile0/physical_vram_size_bytes": "0x2f8000000\n"
}
RENDER = {"/dev/dri/renderD128": ""}


def seen(files, kind="tree", **environment):
    facts = {f"env:{name}": value for name, value in environment.items()}
    return look(source(files, facts=facts, kind=kind), timeout=1.0)


@pytest.mark.parametrize(
    ("files", "kind", "state"),
    [
        (OWN, "tree", "present"), (OWN | RENDER, "live", "present"), (OWN, "live", "hidden"),
        (card("0000:00:02.0", "8086:9a49"), "live", "broken"),
        (card("0000:00:02.0", "8086:9a49"), "tree", "unknown"),
        (card("0000:03:00.0", "8086:56a0", driver="vfio-pci"), "live", "hidden"),
    ],
)  # fmt: skip
def test_states(files, kind, state):
    (device,) = seen(files, kind).devices
    assert device.state == state
    assert (state == "present") == (device.why is None)


def test_absent():
    assert seen(card("0000:01:00.0", "10de:27b8")).devices == ()


def test_memory():
    own, arc = seen(HOST | OWN | ARC).devices
    assert (own.unified_memory, own.memory_bytes) == (True, 1024000)
    assert (arc.unified_memory, arc.memory_bytes) == (False, 0x2F8000000)


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        ({"drm/card1/lmem_total_bytes": f"{16 * GIB}\n"}, 16 * GIB),
        ({"tile0/physical_vram_size_bytes": f"{GIB}\n", "tile1/physical_vram_size_bytes": f"{GIB}"},
         2 * GIB),
        ({"tile0/physical_vram_size_bytes": "junk"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_a_cards_memory(files, wanted):
    found = seen(card("0000:03:00.0", "8086:56a0", driver="i915", **files))
    assert found.devices[0].memory_bytes == wanted
    assert ("gpu:0.memory_bytes" in {gap.what for gap in found.gaps}) == (wanted is None)


TWINS = ARC | card("0000:04:00.0", "8086:e20b", driver="xe")


@pytest.mark.parametrize(
    ("files", "variables", "states"),
    [
        (TWINS, {}, "present present"),
        (TWINS, {"ZE_AFFINITY_MASK": "1"}, "hidden present"),
        (OWN | ARC, {"ZE_AFFINITY_MASK": "0"}, "unknown unknown"),
        (OWN | ARC, {"ZE_AFFINITY_MASK": "0", "ZE_ENABLE_PCI_ID_DEVICE_ORDER": "1"},
         "present hidden"),
    ],
)  # fmt: skip
def test_the_mask(files, variables, states):
    found = seen(files, **variables)
    assert " ".join(device.state for device in found.devices) == states
    levels = {line.level for lines in found.capacity.values() for line in lines}
    assert ("ZE_AFFINITY_MASK" in levels) == bool(variables)
