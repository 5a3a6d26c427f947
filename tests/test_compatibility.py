"""Drivers run CUDA as NVIDIA's tables say; code runs where its architecture allows."""

import pytest

from advisor import book
from advisor.compatibility import Build, Compatibility, runs, runs_gfx, version

TABLES = book.compatibility()


@pytest.mark.parametrize(
    ("cuda", "windows", "wanted"),
    [
        ("12.4", False, "525.60.13"), ("12.8", False, "525.60.13"), ("13.2", False, "580.65.06"),
        ("11.8", True, "452.39"), ("10.2", False, "440.33"), ("14.0", False, None),
        (None, False, None), ("x", False, None), ("12", False, None),
    ],
)  # fmt: skip
def test_driver_needed(cuda, windows, wanted):
    assert TABLES.driver_needed(cuda, windows=windows) == wanted


@pytest.mark.parametrize(
    ("driver", "cuda"),
    [("550.54.14", "12.4"), ("535.161.07", "12.2"), ("470.129.06", "11.4"), ("595.58.03", "13.2"),
     ("553.1", "12.4"), ("612.1", None), ("340.9", None), ("", None), (None, None)],
)  # fmt: skip
def test_cuda_of(driver, cuda):
    assert TABLES.cuda_of(driver) == cuda


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


def test_empty_tables_know_nothing():
    nothing = Compatibility()
    assert nothing.driver_needed("12.4") is None
    assert nothing.cuda_of("550.54") is None
    assert nothing.cudnn_needed("2.9", "12.8") is None
    assert nothing.build_for("550.54", "8.9", "x86_64", windows=False) is None


@pytest.mark.parametrize(
    ("torch", "cuda", "wanted"),
    [("2.9.1+cu128", "12.8", "9.10"), ("2.11.0", "13.0", "9.17"), ("2.9", "11.8", None),
     ("1.4", "10.1", None), (None, None, None)],
)  # fmt: skip
def test_cudnn_needed(torch, cuda, wanted):
    assert TABLES.cudnn_needed(torch, cuda) == wanted


@pytest.mark.parametrize(
    ("driver", "capability", "processor", "windows", "wanted"),
    [
        ("595.58.03", "8.9", "x86_64", False, "torch 2.14 for CUDA 13.2"),
        ("580.95.05", "7.0", "x86_64", False, "torch 2.14 for CUDA 12.6"),
        ("535.161.07", "8.0", "x86_64", False, "torch 2.14 for CUDA 12.6"),
        ("535.161.07", "12.0", "x86_64", False, "torch 2.11 for CUDA 12.8"),
        ("470.129.06", "8.6", "x86_64", False, "torch 2.7 for CUDA 11.8"),
        ("470.129.06", "3.7", "x86_64", False, "torch 2.7 for CUDA 11.8"),
        ("580.95.05", "12.1", "aarch64", False, "torch 2.14 for CUDA 13.2"),
        ("580.95.05", "11.0", "aarch64", False, "torch 2.14 for CUDA 13.2"),
        ("551.88", "8.9", "x86_64", True, "torch 2.14 for CUDA 12.6"),
        ("390.10", "6.1", "x86_64", False, None),
        ("580.95.05", "2.1", "x86_64", False, None),
        ("580.95.05", "8.9", "ppc64le", False, None),
        (None, "8.9", "x86_64", False, None),
        ("580.95.05", None, "x86_64", False, None),
    ],
)
def test_the_build_for_a_driver_and_a_gpu(driver, capability, processor, windows, wanted):
    assert TABLES.build_for(driver, capability, processor, windows=windows) == wanted


def test_code_with_ptx():
    build = Build(torch="1", cuda="1", cudnn="1", x86_64="8.0 12.0+PTX")
    assert build.code("x86_64") == ["sm_80", "sm_120", "compute_120"]
    assert build.code(None) == []


def test_every_table_has_a_source_and_they_rise():
    assert set(TABLES.sources) == {"families", "toolkits", "torch"}
    drivers = [version(drivers.linux) for drivers in TABLES.toolkits.values()]
    assert drivers == sorted(drivers)
    releases = [version(build.torch) for build in TABLES.torch]
    assert releases == sorted(releases, reverse=True)
