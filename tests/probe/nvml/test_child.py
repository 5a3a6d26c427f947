"""The real pynvml, in the real child process, asks a stand-in library that tests have written."""

import pytest

from advisor.probe.nvml import child
from advisor.probe.nvml.conversation import Patience
from tests.tools.nvml import devices, told

MIG = (
    "0 nvmlDeviceGetMigMode = 1 1",
    "0/0 nvmlDeviceGetUUID = MIG-aaaa", "0/0 nvmlDeviceGetGpuInstanceId = 3",
    "0/2 nvmlDeviceGetUUID = MIG-bbbb", "0/2 nvmlDeviceGetAttributes_v2 = 14 1 1 19968",
)  # fmt: skip


@pytest.mark.parametrize("count", [0, 1, 16])
def test_every_device_is_asked(tmp_path, count):
    answers = told(devices(count), tmp_path)
    assert answers.ended == "done"
    assert answers.devices() == [str(n) for n in range(count)]
    assert all(answers.text(n, "nvmlDeviceGetName") == "NVIDIA L4" for n in answers.devices())


def test_every_kind_of_answer(tmp_path):
    lines = (
        "1 nvmlDeviceGetMemoryInfo_v2 ! 13", "1 nvmlDeviceGetMemoryInfo = 100 60 40",
        "1 nvmlDeviceGetTemperature(0) = 41", "1 nvmlDeviceGetMaxClockInfo(2) = 6251",
        "1 nvmlDeviceGetTotalEccErrors(10) = 5", "1 nvmlDeviceGetRetiredPages(1) = 3",
        "1 nvmlDeviceGetRemappedRows = 0 1 1 0", "1 nvmlDeviceGetFieldValues(230) = 2",
        "1 nvmlDeviceGetGpuFabricInfo = 2 0", "1 nvmlDeviceGetUtilizationRates = 7 1",
        "1 nvmlDeviceGetComputeRunningProcesses_v3 = 12:1000 13:2000",
        "1 nvmlDeviceGetCurrentClocksThrottleReasons = 0x84",
        "1 nvmlDeviceGetNvLinkState(0) = 1", "1 nvmlDeviceGetNvLinkState(1) = 0",
        "1 nvmlDeviceGetNvLinkRemotePciInfo_v2(0) = 00000000:01:00.0",
        "0-1 nvmlDeviceGetP2PStatus = 0", "0-1 nvmlDeviceGetTopologyCommonAncestor = 20",
    )  # fmt: skip
    answers = told(devices(2, *lines), tmp_path)
    assert answers.error("1", "nvmlDeviceGetMemoryInfo_v2") == 13
    assert answers.part("1", "nvmlDeviceGetMemoryInfo", "free") == 60
    assert answers.part("0", "nvmlDeviceGetMemoryInfo_v2", "reserved") == 473956352
    assert answers.number("1", "nvmlDeviceGetTemperature(0)") == 41
    assert answers.number("1", "nvmlDeviceGetMaxClockInfo(2)") == 6251
    assert answers.number("1", "nvmlDeviceGetTotalEccErrors(1, 0)") == 5
    assert answers.items("1", "nvmlDeviceGetRetiredPages(1)") == [0, 4096, 8192]
    assert answers.items("1", "nvmlDeviceGetRemappedRows") == [0, 1, 1, 0]
    assert answers.number("1", "nvmlDeviceGetFieldValues(230)") == 2
    assert answers.part("1", "nvmlDeviceGetGpuFabricInfo", "state") == 2
    assert answers.part("1", "nvmlDeviceGetUtilizationRates", "gpu") == 7
    processes = answers.items("1", "nvmlDeviceGetComputeRunningProcesses")
    assert [(p["pid"], p["usedGpuMemory"]) for p in processes] == [(12, 1000), (13, 2000)]
    assert answers.number("1", "nvmlDeviceGetCurrentClocksThrottleReasons") == 0x84
    assert answers.value("1", "nvmlDeviceGetNvLinkRemotePciInfo(0)")["bus"] == 1
    assert answers.number("1", "nvmlDeviceGetNvLinkState(1)") == 0
    assert answers.number("0-1", "nvmlDeviceGetP2PStatus") == 0
    assert answers.number("0-1", "nvmlDeviceGetTopologyCommonAncestor") == 20


def test_slices_may_have_holes(tmp_path):
    answers = told(devices(1, *MIG), tmp_path)
    assert answers.slices("0") == ["0/0", "0/2"]
    assert answers.part("0/2", "nvmlDeviceGetAttributes", "multiprocessorCount") == 14


@pytest.mark.parametrize(
    ("line", "subject", "call", "code"),
    [
        ("- nvmlInit_v2 ! 18", "-", "nvmlInit", 18),
        ("- nvmlDeviceGetCount_v2 ! 999", "-", "nvmlDeviceGetCount", 999),
        ("0 nvmlDeviceGetHandleByIndex_v2 ! 15", "0", "nvmlDeviceGetHandleByIndex", 15),
        ("0 nvmlDeviceGetMemoryInfo_v2 ! 3", "0", "nvmlDeviceGetMemoryInfo_v2", 3),
    ],
)
def test_errors_are_told(tmp_path, line, subject, call, code):
    answers = told(devices(1, line), tmp_path)
    assert (answers.ended, answers.error(subject, call)) == ("done", code)


def test_a_lost_device_does_not_hide_the_others(tmp_path):
    answers = told(devices(8, "3 nvmlDeviceGetHandleByIndex_v2 ! 15"), tmp_path)
    assert [n for n in answers.devices() if answers.text(n, "nvmlDeviceGetName")] == list("0124567")


def test_a_call_may_fail_after_good_ones(tmp_path):
    line = "* nvmlDeviceGetUtilizationRates ! 15 1"
    answers = told(devices(2, "* nvmlDeviceGetUtilizationRates = 1 1", line), tmp_path)
    codes = [answers.error(n, "nvmlDeviceGetUtilizationRates") for n in "01"]
    assert sorted(codes, key=bool) == [None, 15]


def test_sleeping_devices_wake_side_by_side(tmp_path):
    lines = [f"{n} nvmlDeviceGetHandleByIndex_v2 ~ 0.5" for n in range(8)]
    answers = told(devices(8, *lines), tmp_path, Patience(call=0.3, total=3.0))
    assert answers.ended == "done"
    assert all(answers.value(n, "seconds") >= 0.5 for n in answers.devices())


@pytest.mark.parametrize("symbol", ["nvmlDeviceGetName", "nvmlDeviceGetHandleByIndex_v2"])
def test_a_hung_call_is_named_and_the_rest_is_kept(tmp_path, symbol):
    answers = told(
        devices(2, f"1 {symbol} ~ 1000"), tmp_path, Patience(call=0.2, wake=0.3, word=9.0)
    )
    assert answers.ended == "silent"
    assert answers.waiting == {"1": symbol.removesuffix("_v2")}
    assert answers.text("0", "nvmlDeviceGetName") == "NVIDIA L4"


@pytest.mark.parametrize(
    ("value", "plain"),
    [(b"a\xff", "a\ufffd"), ((1, b"b"), [1, "b"]), (None, None), (1.5, 1.5)],
)
def test_plain(value, plain):
    assert child.plain(value) == plain
