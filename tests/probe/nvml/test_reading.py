"""NVML's numbers become a device's, in base units; what it does not tell stays unknown."""

import pytest

from advisor.probe.nvml.reading import device, unified
from advisor.probe.nvml.told import Answers

CLOCKS = "nvmlDeviceGetCurrentClocksThrottleReasons"
COMPUTE = "nvmlDeviceGetComputeRunningProcesses"
GRAPHICS = "nvmlDeviceGetGraphicsRunningProcesses"


def read(**values):
    return device(Answers(ended="done", values={"0": values}), "0")


@pytest.mark.parametrize(
    ("values", "field", "wanted"),
    [
        ({CLOCKS: 0}, "throttle_reasons", ()),
        ({CLOCKS: 1}, "throttle_reasons", ()),  # idle
        ({CLOCKS: 0x84}, "throttle_reasons", ("sw_power_cap", "hw_power_brake")),
        ({}, "throttle_reasons", None),
        ({"nvmlDeviceGetEnforcedPowerLimit": 310000}, "power_limit_watts", 310.0),
        ({"nvmlDeviceGetPowerManagementLimit": 150000}, "power_limit_watts", 150.0),
        ({"nvmlDeviceGetMaxClockInfo(1)": 1785}, "clock_max_hz", 1.785e9),
        ({"nvmlDeviceGetMaxClockInfo(2)": 2619}, "memory_clock_hz", 2.619e9),
        ({"nvmlDeviceGetMaxPcieLinkWidth": 0}, "pcie_width_max", None),
        ({"nvmlDeviceGetMaxPcieLinkWidth": 0xFFFFFFFF}, "pcie_width_max", None),
        ({"nvmlDeviceGetMaxPcieLinkWidth": 16}, "pcie_width_max", 16),
        ({"nvmlDeviceGetMaxPcieLinkWidth": 1, "nvmlDeviceGetC2cModeInfoV": {"isC2cEnabled": 1}},
         "pcie_width_max", None),
        ({"nvmlDeviceGetRemappedRows": [1, 2, 1, 0]}, "rows_remapped", 3),
        ({"nvmlDeviceGetRemappedRows": [1, 2, 1, 0]}, "rows_pending", True),
        ({"nvmlDeviceGetRetiredPages(0)": [4096], "nvmlDeviceGetRetiredPages(1)": [0, 8192]},
         "pages_retired", 3),
        ({"nvmlDeviceGetEccMode": [1, 0]}, "ecc_enabled", True),
        ({"nvmlDeviceGetComputeMode": 3}, "compute_mode", "exclusive_process"),
        ({"nvmlDeviceGetVirtualizationMode": 2}, "virtualization", "vgpu"),
        ({"nvmlDeviceGetUtilizationRates": {"gpu": 65}}, "utilization", 0.65),
        ({COMPUTE: [{"pid": 1, "usedGpuMemory": 5}], GRAPHICS: [{"pid": 1, "usedGpuMemory": 5}]},
         "processes_memory_bytes", 5),
        ({COMPUTE: [{"pid": 1, "usedGpuMemory": None}]}, "processes_memory_bytes", None),
        ({COMPUTE: [{"pid": 1, "usedGpuMemory": None}]}, "processes", 1),
        ({COMPUTE: []}, "processes", 0),
        ({}, "processes", None),
        ({"nvmlDeviceGetPciInfo": {"busId": "0000000F:01:00.0", "pciDeviceId": 0x2E1210DE}},
         "pci_id", "10de:2e12"),
        ({"nvmlDeviceGetPciInfo": {"busId": "junk", "pciDeviceId": 0}}, "pci_address", None),
        ({"nvmlDeviceGetPciInfo": "junk"}, "pci_id", None),
        ({"nvmlDeviceGetName": 7}, "name", None),
        ({"nvmlDeviceGetMemoryInfo": {"total": 9, "free": 4}}, "memory_free_bytes", 4),
    ],
)  # fmt: skip
def test_device(values, field, wanted):
    assert getattr(read(**values), field) == wanted


NEITHER = {"nvmlDeviceGetMemoryInfo": 3, "nvmlDeviceGetMemoryInfo_v2": 3}


@pytest.mark.parametrize(
    ("name", "errors", "memory", "wanted"),
    [
        ("NVIDIA GB10", {}, None, True),
        ("Orin (nvgpu)", {}, None, True),
        ("NVIDIA Whatever", NEITHER, None, True),
        ("NVIDIA L4", {"nvmlDeviceGetMemoryInfo_v2": 13}, {"total": 9}, False),
        ("NVIDIA L4", {"nvmlDeviceGetMemoryInfo": 999}, None, None),
        ("NVIDIA GH200 480GB", {}, {"total": 9}, False),
    ],
)
def test_unified(name, errors, memory, wanted):
    values = {"nvmlDeviceGetName": name} | ({"nvmlDeviceGetMemoryInfo": memory} if memory else {})
    answers = Answers(ended="done", values={"0": values}, errors={"0": errors})
    assert unified(answers, "0") is wanted
