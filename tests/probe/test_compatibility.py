"""Drivers run CUDA as NVIDIA's tables say; code runs where its architecture allows."""

import pytest

from advisor.probe.compatibility import cuda_of, driver_needed, runs, runs_gfx, version


@pytest.mark.parametrize(
    ("cuda", "windows", "wanted"),
    [
        ("12.4", False, "525.60.13"), ("12.8", False, "525.60.13"), ("13.2", False, "580.65.06"),
        ("11.8", True, "452.39"), ("10.2", False, "440.33"), ("14.0", False, None),
        (None, False, None), ("x", False, None), ("12", False, None),
    ],
)  # fmt: skip
def test_driver_needed(cuda, windows, wanted):
    assert driver_needed(cuda, windows=windows) == wanted


@pytest.mark.parametrize(
    ("driver", "cuda"),
    [("550.54.14", "12.4"), ("535.161.07", "12.2"), ("470.129.06", "11.4"), ("595.58.03", "13.2"),
     ("553.1", None), ("", None), (None, None)],
)  # fmt: skip
def test_cuda_of(driver, cuda):
    assert cuda_of(driver) == cuda


TORCH_215 = ["sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120"]


@pytest.mark.parametrize(
    ("code", "capability", "wanted"),
    [
        (TORCH_215, "8.9", True), (TORCH_215, "8.6", True), (TORCH_215, "9.0", True),
        (TORCH_215, "7.0", False), (TORCH_215, "6.1", False), (TORCH_215, "10.3", True),
        (TORCH_215, "11.0", False), (TORCH_215, "12.1", True), (["compute_80"], "11.0", True),
        (["sm_90a"], "9.0", True), (["sm_100a"], "10.3", False), (["sm_100f"], "10.3", True),
        (["sm_86"], "8.0", False), ([], "8.0", False), (TORCH_215, None, None),
        (["x"], "8.0", False),
    ],
)  # fmt: skip
def test_runs(code, capability, wanted):
    assert runs(code, capability) is wanted


@pytest.mark.parametrize(
    ("architecture", "wanted"), [("gfx942", True), ("gfx1151", False), (None, None)]
)
def test_runs_gfx(architecture, wanted):
    assert runs_gfx(["gfx90a", "gfx942"], architecture) is wanted


@pytest.mark.parametrize(("text", "wanted"), [("535.104", (535, 104)), ("1a", None), (None, None)])
def test_version(text, wanted):
    assert version(text) == wanted
