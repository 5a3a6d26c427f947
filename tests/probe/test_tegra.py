"""A Jetson is known by its device tree, and works in the host's memory."""

import pytest

from advisor.probe.tegra import device
from tests.tools.tree import source

ORIN = b"nvidia,p3737-0000+p3701-0000\0nvidia,p3701-0000\0nvidia,tegra234\0"
MEMORY = "MemTotal: 31274204 kB\nMemFree: 1 kB\nMemAvailable: 20000000 kB\n"


def test_device():
    files = {"/proc/device-tree/compatible": ORIN, "/proc/meminfo": MEMORY}
    found = device(source(files))
    assert (found.name, found.compute_capability) == ("NVIDIA Tegra Orin GPU", "8.7")
    assert (found.unified_memory, found.state) == (True, "present")
    assert (found.memory_bytes, found.memory_free_bytes) == (31274204 * 1024, 20000000 * 1024)


@pytest.mark.parametrize("words", [b"", b"raspberrypi,5-model-b\0brcm,bcm2712\0", b"\xff\xfe"])
def test_no_other_board_is_one(words):
    assert device(source({"/proc/device-tree/compatible": words})) is None


@pytest.mark.parametrize(("node", "state"), [("/dev/nvgpu", "present"), ("/dev/null", "hidden")])
def test_a_container_may_not_have_it(node, state):
    files = {"/sys/firmware/devicetree/base/compatible": ORIN, node: ""}
    found = device(source(files, kind="live"))
    assert (found.state, bool(found.remedy)) == (state, state == "hidden")
    assert found.memory_bytes is None
