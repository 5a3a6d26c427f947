"""A Jetson is known by its device tree, and works in the host's memory."""

import pytest

from advisor.machine import Power
from advisor.probe.tegra import device, powered
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


MODES = "< POWER_MODEL ID=0 NAME=MAXN >\nCPU_ONLINE CORE_0 1\n< POWER_MODEL ID=2 NAME=MODE_30W >\n"
XAVIER_NX = "< POWER_MODEL ID=2 NAME=MODE_15W_6CORE >\n< POWER_MODEL ID=8 NAME=MODE_20W_6CORE >\n"


@pytest.mark.parametrize(
    ("status", "modes", "told"),
    [
        ("pmode:0000", MODES, ("MAXN", False)),
        ("pmode:0002 fmode:fanNull", MODES, ("MODE_30W", True)),
        ("pmode:0002", MODES.replace("MAXN", "MAXN_SUPER"), ("MODE_30W", True)),
        ("pmode:0002", XAVIER_NX, ("MODE_15W_6CORE", False)),  # it has no mode without caps
        ("pmode:0007", MODES, None),
        ("", MODES, None),
        ("pmode:0002", "", None),
    ],
)
def test_the_power_mode(status, modes, told):
    files = {
        "/proc/device-tree/compatible": ORIN, "/var/lib/nvpmodel/status": status,
        "/etc/nvpmodel.conf": modes,
    }  # fmt: skip
    supply, gaps = powered(source(files), Power(profile="balanced"))
    assert ((supply.mode, supply.mode_capped) if supply.mode else None) == told
    assert [(gap.what, gap.remedy) for gap in gaps] == (
        [] if told else [("power.mode", "sudo nvpmodel -q")]
    )
    assert supply.profile == "balanced"


def test_other_boards_have_no_power_mode():
    files = {"/proc/device-tree/compatible": b"raspberrypi,5-model-b\0"}
    assert powered(source(files), Power()) == (Power(), ())
