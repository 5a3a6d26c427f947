"""CUDA's parts are found in files, and fitted to driver and devices."""

import pytest

from advisor import book
from advisor.machine import Device, Software
from advisor.probe import stack
from tests.tools.tree import source


def look(here, software, devices):
    return stack.look(here, software, devices, book.compatibility)


SITE = "/env/site-packages"
FILES = {
    f"{SITE}/torch/version.py": "cuda = '12.8'",
    f"{SITE}/nvidia_cuda_runtime_cu12-12.8.90.dist-info/METADATA": "",
    f"{SITE}/nvidia_cudnn_cu12-9.10.2.21.dist-info/METADATA": "",
    f"{SITE}/nvidia_ml_py-12.560.30.dist-info/METADATA": "",
    "/usr/local/cuda-11.8/version.json": "",
    "/usr/local/cuda/version.json": "",
}
CODE = ["sm_75", "sm_80", "sm_90"]
FACTS = {
    "machine": "x86_64",
    "path": [SITE],
    f"architectures:{SITE}/torch/lib/libtorch_python.so": CODE,
}
L4 = Device(id="gpu:0", vendor="NVIDIA", compute_capability="8.9")
V100 = Device(id="gpu:1", vendor="NVIDIA", compute_capability="7.0")
TORCH = Software(torch="2.9", torch_cuda="12.8", driver="535.161.07")


def test_look():
    software, devices = look(source(FILES, facts=FACTS), TORCH, (L4, V100))
    assert software.cuda_runtimes == ("11.8", "12.8")
    assert (software.cudnn, software.driver_needed) == ("9.10.2.21", "525.60.13")
    assert software.cudnn_needed == "9.10"
    assert [device.torch_fit for device in devices] == ["torch 2.14 for CUDA 12.6"] * 2
    assert (software.cuda_driver, software.torch_architectures) == ("12.2", tuple(CODE))
    assert [device.torch_runs for device in devices] == [True, False]


def test_a_header_tells_of_cudnn():
    header = "#define CUDNN_MAJOR 8\n#define CUDNN_MINOR 9\n#define CUDNN_PATCHLEVEL 7\n"
    software, _ = look(source({"/usr/include/cudnn_version.h": header}), TORCH, (L4,))
    assert software.cudnn == "8.9.7"


def test_what_nvml_says_of_the_driver_comes_first():
    told = Software(torch_cuda="12.8", driver="535.161.07", cuda_driver="12.9")
    assert look(source({}), told, (L4,))[0].cuda_driver == "12.9"


@pytest.mark.parametrize(
    ("vendor", "software", "runs"),
    [
        ("NVIDIA", Software(torch="2.13.0+cpu"), False),
        ("AMD", Software(torch="2.13.0+cpu"), False),
        ("AMD", Software(torch="2.13.0+cu130", torch_cuda="13.0"), False),
        ("AMD", Software(), None),
        ("Intel", Software(torch="2.13.0+cpu"), None),
    ],
)
def test_a_torch_that_was_built_for_no_gpu_of_this_maker_holds_no_code_for_it(
    vendor, software, runs
):
    device = Device(id="gpu:0", vendor=vendor, compute_capability="8.9", architecture="gfx942")
    assert look(source({}), software, (device,))[1][0].torch_runs is runs


def test_rocm():
    facts = {"path": [SITE], f"architectures:{SITE}/torch/lib/libtorch_python.so":
             ["gfx90a:xnack-", "gfx942"]}  # fmt: skip
    cards = [Device(id=f"gpu:{n}", vendor="AMD", architecture=a)
             for n, a in enumerate(("gfx942", "gfx90a", "gfx1151", None))]  # fmt: skip
    _, devices = look(source(FILES, facts=facts), Software(torch_hip="6.4"), tuple(cards))
    assert [device.torch_runs for device in devices] == [True, True, False, None]


@pytest.mark.parametrize("software", [Software(), Software(torch="2.13.0+cpu")])
def test_without_gpus_nothing_is_read(software):
    here = source(FILES, facts=FACTS)
    assert look(here, software, ()) == (software, ())
    assert here.answers() == {}


def test_a_windows_driver_has_windows_numbers():
    found, _ = look(source({}), Software(torch_cuda="12.8", container="WSL2"), (L4,))
    assert found.driver_needed == "527.41"
