"""NVIDIA devices in five states, from NVML, PCI and the kernel driver together."""

import json

import pytest

from advisor.machine import State
from advisor.probe.accelerators.nvidia import look
from advisor.probe.doors.live import Live
from advisor.probe.doors.tree import Tree
from advisor.probe.nvml.conversation import Patience
from advisor.probe.nvml.told import Answers, encode
from advisor.probe.source import Source
from tests.tools import nvidia_smi
from tests.tools.nvml import devices, library, told
from tests.tools.tree import card, data, source, unpacked

MIB = 1 << 20
PROC = {"/proc/driver/nvidia/version": "NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14"}
CONTROL = {"/dev/nvidiactl": ""}


def cards(*addresses, driver="nvidia"):
    found = {}
    for address in addresses:
        found |= card(address, "10de:27b8", "0x030000", driver, numa_node="1\n")
    return found


def seen(answers=None, files=None, **environment):
    """Look at a recorded machine: NVML's answers, files, and variables."""
    facts = {f"env:{name}": value for name, value in environment.items()}
    if answers is not None:
        facts["nvml"] = encode(answers)
    return look(source(files or {}, facts=facts, kind="replay"), timeout=15.0)


def states(found):
    return [(device.id, device.state.value) for device in found.devices]


FIRST, SECOND = "0000:01:00.0", "0000:02:00.0"
TWO = [("gpu:0", "present"), ("gpu:1", "present")]


def test_present(tmp_path):
    found = seen(told(devices(2), tmp_path), cards(FIRST, SECOND) | PROC)
    assert states(found) == TWO
    first = found.devices[0]
    assert (first.name, first.memory_bytes, first.pci_id) == ("NVIDIA L4", 24152899584, "10de:27b8")
    assert (first.kernel_driver, first.numa_node, first.compute_capability) == ("nvidia", 1, "8.9")
    assert (found.software.driver, found.software.cuda_driver) == ("550.54.14", "12.4")
    assert [(c.level, c.value, c.binding) for c in found.capacity["gpu:0"]] == [
        ("card", 24152899584, False),
        ("driver", 24152899584 - 473956352, True),
        ("free now", 23678943232, False),
    ]


def test_absent():
    found = seen(None, card("0000:00:02.0", "8086:9a49", "0x030000", "i915"))
    assert (found.devices, found.unseen, found.gaps) == ((), None, ())


BARE = cards(FIRST, driver="")
NOUVEAU = cards(FIRST, driver="nouveau")
VFIO = cards(FIRST, driver="vfio-pci")
SERVED = cards(FIRST) | PROC
NODES = cards(FIRST) | CONTROL
BOX = cards(FIRST) | {"/.dockerenv": ""}


@pytest.mark.parametrize(
    ("line", "files", "variable", "state", "word"),
    [
        ("- nvmlInit_v2 ! 9", BARE, None, "broken", "no driver is bound"),
        ("- nvmlInit_v2 ! 9", NOUVEAU, None, "broken", "nouveau"),
        ("- nvmlInit_v2 ! 9", VFIO, None, "hidden", "virtual machine"),
        ("- nvmlInit_v2 ! 9", NODES, None, "broken", "not loaded"),
        ("- nvmlInit_v2 ! 12", SERVED, None, "broken", "not installed"),
        ("- nvmlInit_v2 ! 12", BOX, None, "hidden", "not given"),
        ("- nvmlInit_v2 ! 18", SERVED, None, "broken", "different versions"),
        ("- nvmlInit_v2 ! 999", SERVED, None, "broken", "NVML error 999"),
        ("- nvmlDeviceGetCount_v2 ! 999", SERVED, None, "broken", "nvmlDeviceGetCount"),
        ("- nvmlDeviceGetCount_v2 = 0", SERVED, None, "broken", "failed to start"),
        ("- nvmlDeviceGetCount_v2 = 0", BOX | CONTROL, None, "hidden", "not given"),
        ("0 nvmlDeviceGetHandleByIndex_v2 ! 15", SERVED, None, "broken", "lost"),
        ("0 nvmlDeviceGetHandleByIndex_v2 ! 4", SERVED, None, "hidden", "permission"),
        ("0 nvmlDeviceGetUtilizationRates ! 15", SERVED, None, "broken", "lost"),
        ("0 nvmlDeviceGetTotalEccErrors(10) = 3", SERVED, None, "broken", "3 uncorrected ECC"),
        ("0 nvmlDeviceGetRemappedRows = 0 1 0 1", SERVED, None, "broken", "remapped"),
        ("0 nvmlDeviceGetFieldValues(230) = 1", SERVED, None, "broken", "resetting"),
        ("0 nvmlDeviceGetGpuFabricInfo = 2 0", SERVED, None, "broken", "fabric"),
        ("# healthy", SERVED, "", "hidden", "CUDA_VISIBLE_DEVICES="),
        ("# healthy", SERVED, "0", "present", None),
        ("0 nvmlDeviceGetMigMode = 1 1", SERVED, None, "hidden", "slices"),
    ],
)  # fmt: skip
def test_states(tmp_path, line, files, variable, state, word):
    variables = {} if variable is None else {"CUDA_VISIBLE_DEVICES": variable}
    (device,) = seen(told(devices(1, line), tmp_path), files, **variables).devices
    assert device.state == state
    assert (device.why is None) == (word is None)
    assert word is None or (word in device.why and device.remedy)


def test_a_device_that_hangs_while_it_wakes_breaks_alone(tmp_path):
    quick = Patience(call=0.2, wake=0.6, word=9.0)
    answers = told(devices(2, "1 nvmlDeviceGetHandleByIndex_v2 ~ 1000"), tmp_path, quick)
    found = seen(answers, cards(FIRST, SECOND) | PROC)
    assert states(found) == [("gpu:0", "present"), ("gpu:1", "broken")]
    assert "nvmlDeviceGetHandleByIndex" in found.devices[1].why


def test_a_hung_call_breaks_one_device_and_keeps_what_it_told(tmp_path):
    quick = Patience(call=0.2, word=9.0)
    answers = told(devices(2, "1 nvmlDeviceGetUtilizationRates ~ 1000"), tmp_path, quick)
    found = seen(answers, cards(FIRST, SECOND) | PROC)
    assert states(found) == [("gpu:0", "present"), ("gpu:1", "broken")]
    assert "nvmlDeviceGetUtilizationRates" in found.devices[1].why
    assert found.devices[1].memory_bytes == 24152899584


def test_a_hung_start_leaves_the_cards_broken(tmp_path):
    answers = told(devices(2, "- nvmlInit_v2 ~ 1000"), tmp_path, Patience(call=0.2, word=9.0))
    found = seen(answers, cards(FIRST, SECOND) | PROC)
    assert states(found) == [("gpu:0", "broken"), ("gpu:1", "broken")]
    assert "nvmlInit" in found.unseen


def test_time_over_while_devices_wake_is_no_fault(tmp_path):
    lines = [f"{n} nvmlDeviceGetHandleByIndex_v2 ~ {9 * n}" for n in range(2)]
    answers = told(devices(2, *lines), tmp_path, Patience(total=0.5, word=9.0))
    found = seen(answers, cards(FIRST, SECOND) | PROC)
    assert states(found) == TWO
    gap = next(gap for gap in found.gaps if gap.what == "gpu:1.memory_bytes")
    assert "persistence mode" in gap.remedy


def test_waking_and_persistence_are_facts(tmp_path):
    lines = [f"{n} nvmlDeviceGetHandleByIndex_v2 ^ 0.5" for n in range(8)]
    lines += [f"{n} nvmlDeviceGetPersistenceMode = 0" for n in range(8)]
    quick = Patience(call=0.3, wake=0.7)
    found = seen(told(devices(8, *lines), tmp_path, quick), cards())
    assert {device.state for device in found.devices} == {State.PRESENT}
    assert {device.persistence_mode for device in found.devices} == {False}
    assert all(device.wake_seconds >= 0.3 for device in found.devices)


def test_a_lost_device_is_the_card_that_is_left(tmp_path):
    answers = told(devices(2, "0 nvmlDeviceGetHandleByIndex_v2 ! 15"), tmp_path)
    found = seen(answers, cards(FIRST, SECOND) | PROC)
    assert states(found) == [("gpu:0", "broken"), ("gpu:1", "present")]
    assert [device.pci_address for device in found.devices] == [FIRST, SECOND]


def test_devices_are_joined_by_address_and_counted_in_pci_order(tmp_path):
    lines = (
        "0 nvmlDeviceGetPciInfo_v3 = 00000000:C1:00.0 0x27B810DE",
        "0 nvmlDeviceGetName = NVIDIA L40S",
    )
    found = seen(told(devices(2, *lines), tmp_path), cards(SECOND, "0000:c1:00.0") | PROC)
    assert [(d.id, d.name) for d in found.devices] == [
        ("gpu:0", "NVIDIA L4"),
        ("gpu:1", "NVIDIA L40S"),
    ]


def test_parts_of_a_card_that_are_no_gpu(tmp_path):
    others = card("0000:01:00.1", "10de:22bd", "0x040300", "snd_hda_intel")
    others |= card("0000:05:00.0", "10de:1af1", "0x068000", "nvidia-nvswitch")
    found = seen(told(devices(1), tmp_path), cards(FIRST) | others | PROC)
    assert states(found) == [("gpu:0", "present")]


def test_nvml_alone_will_do(tmp_path):
    assert states(seen(told(devices(2), tmp_path))) == TWO  # WSL has no PCI device to show


@pytest.mark.parametrize(
    ("line", "files", "state"),
    [
        ("- nvmlInit_v2 ! 9", {}, None),
        ("- nvmlInit_v2 ! 12", {}, None),
        ("- nvmlInit_v2 ! 18", {}, "broken"),
        ("- nvmlInit_v2 ! 12", PROC, "broken"),
    ],
)
def test_a_driver_speaks_for_a_device_that_nothing_else_shows(tmp_path, line, files, state):
    found = seen(told(devices(1, line), tmp_path), files)
    assert [device.state for device in found.devices] == ([state] if state else [])


@pytest.mark.parametrize(("ended", "state"), [("none", "unknown"), ("died", "unknown")])
def test_nobody_asked(ended, state):
    assert states(seen(Answers(ended=ended), cards(FIRST))) == [("gpu:0", state)]


def test_unified_memory_is_the_hosts(tmp_path):
    lines = (
        "0 nvmlDeviceGetName = NVIDIA GB10", "0 nvmlDeviceGetMemoryInfo_v2 ! 3",
        "0 nvmlDeviceGetPciInfo_v3 = 0000000F:01:00.0 0x2E1210DE",
    )  # fmt: skip
    host = {"/proc/meminfo": "MemTotal: 127600748 kB\nMemAvailable: 100000000 kB\n"}
    found = seen(told(devices(1, *lines), tmp_path), host | card("000f:01:00.0", "10de:2e12"))
    (device,) = found.devices
    assert (device.unified_memory, device.pci_address) == (True, "000f:01:00.0")
    assert (device.memory_bytes, device.memory_free_bytes) == (127600748 * 1024, 100000000 * 1024)
    assert found.capacity["gpu:0"][0].level == "unified memory"


@pytest.mark.parametrize(("name", "unified"), [("NVIDIA N1X", True), ("NVIDIA GH200 480GB", False)])
def test_a_small_carve_out_is_not_all(tmp_path, name, unified):
    host = {"/proc/meminfo": "MemTotal: 127600748 kB\n"}
    found = seen(told(devices(1, f"0 nvmlDeviceGetName = {name}"), tmp_path), host)
    assert (found.devices[0].memory_bytes == 127600748 * 1024) == unified


SLICED = (
    "0 nvmlDeviceGetMigMode = 1 1",
    "0/0 nvmlDeviceGetUUID = MIG-aaaa", "0/0 nvmlDeviceGetMemoryInfo = 1000 900 100",
    "0/0 nvmlDeviceGetGpuInstanceId = 3", "0/0 nvmlDeviceGetComputeInstanceId = 0",
    "0/2 nvmlDeviceGetUUID = MIG-bbbb", "0/2 nvmlDeviceGetAttributes_v2 = 14 1 1 19968",
)  # fmt: skip


@pytest.mark.parametrize(
    ("value", "usable"),
    [
        (None, ["gpu:0/mig:0", "gpu:0/mig:2", "gpu:1"]),
        ("MIG-bbbb", ["gpu:0/mig:2"]),
        ("0", ["gpu:0/mig:0"]),
        ("1", ["gpu:1"]),
    ],
)
def test_slices(tmp_path, value, usable):
    variables = {"CUDA_VISIBLE_DEVICES": value} if value is not None else {}
    found = seen(told(devices(2, *SLICED), tmp_path), cards(FIRST, SECOND), **variables)
    assert [d.id for d in found.devices] == ["gpu:0", "gpu:0/mig:0", "gpu:0/mig:2", "gpu:1"]
    assert [d.id for d in found.devices if d.state == "present"] == usable
    parent, first, third, _ = found.devices
    assert parent.state == "hidden"
    assert (first.memory_bytes, first.slice_place) == (1000, "3/0")
    assert (third.memory_bytes, third.compute_units) == (19968 * MIB, 14)
    assert next(line for line in found.capacity["gpu:0"] if line.binding).level == "mig"


def test_the_container_variable_is_shown_and_binds_nothing(tmp_path):
    found = seen(told(devices(1), tmp_path), NVIDIA_VISIBLE_DEVICES="none")
    line = next(c for c in found.capacity["gpu:0"] if c.level == "NVIDIA_VISIBLE_DEVICES")
    assert (line.value, line.binding, line.source) == (None, False, "NVIDIA_VISIBLE_DEVICES=none")


@pytest.mark.parametrize(
    ("xids", "wanted"), [(None, None), ({}, ()), ({"0000:01:00": [79, 31]}, (79, 31))]
)
def test_errors_in_the_kernel_log(tmp_path, xids, wanted):
    facts = {"nvml": encode(told(devices(1), tmp_path))} | ({} if xids is None else {"xids": xids})
    found = look(source(cards(FIRST), facts=facts, kind="replay"), timeout=15.0)
    assert found.devices[0].xids == wanted


def test_links(tmp_path):
    lines = [
        f"{n} {line}" for n, other in ((0, "00000000:02:00.0"), (1, "00000000:01:00.0"))
        for link in range(4)
        for line in (f"nvmlDeviceGetNvLinkState({link}) = 1",
                     f"nvmlDeviceGetNvLinkVersion({link}) = 5",
                     f"nvmlDeviceGetNvLinkRemotePciInfo_v2({link}) = {other}")
    ]  # fmt: skip
    pair = ("0-1 nvmlDeviceGetTopologyCommonAncestor = 50", "0-1 nvmlDeviceGetP2PStatus = 0")
    found = seen(told(devices(2, *lines, *pair), tmp_path))
    (link,) = found.links
    assert (link.id, link.kind, link.count) == ("peer:gpu:0+gpu:1", "nvlink", 4)
    assert (link.bytes_per_second, link.distance, link.peer_access) == (100e9, "system", True)


def test_the_live_door_asks_the_library(tmp_path, monkeypatch):
    script = tmp_path / "answers"
    script.write_text(devices(1, "0 nvmlDeviceGetName = NVIDIA Stand-in 9000"))
    monkeypatch.setenv("NVML_STUB_ANSWERS", str(script))
    monkeypatch.setenv("LD_LIBRARY_PATH", str(library()))
    found = look(Source(Live()), timeout=15.0)
    assert "NVIDIA Stand-in 9000" in {device.name for device in found.devices}


def test_a_tree_never_asks_the_live_library(tmp_path, monkeypatch):
    script = tmp_path / "answers"
    script.write_text(devices(1))
    monkeypatch.setenv("NVML_STUB_ANSWERS", str(script))
    monkeypatch.setenv("LD_LIBRARY_PATH", str(library()))
    root = tmp_path / "root"
    (root / "proc").mkdir(parents=True)
    assert look(Source(Tree(root)), timeout=15.0).devices == ()


def test_a_captured_virtual_machine(tmp_path):
    found = look(Source(Tree(unpacked("ghw/linux-amd64-accel-nvidia.tar.gz", tmp_path))), timeout=1)
    (device,) = found.devices
    assert (device.pci_address, device.pci_id) == ("0000:06:00.0", "10de:15f8")
    assert (device.name, device.memory_bytes) == (None, None)
    assert {gap.what for gap in found.gaps} >= {"gpu:0.name", "gpu:0.memory_bytes"}


def test_a_captured_power9(tmp_path):
    found = look(Source(Tree(unpacked("hwloc/nvidiagpunumanodes.tar.bz2", tmp_path))), timeout=1)
    assert [(d.pci_address, d.state) for d in found.devices] == [
        (address, "present")
        for address in ("0004:05:00.0", "0004:06:00.0", "0006:00:00.0", "0007:00:00.0",
                        "0035:04:00.0", "0035:05:00.0")
    ]  # fmt: skip


def captures():
    """Name each capture of NVIDIA's tools; the test itself skips where they are not at hand."""
    return [
        *(f"gpu-text/{n}.nvidia-smi-q.txt" for n in (
            "A10", "A100SXMx4", "GH200", "GTX1050Ti", "H100NVLx2", "L4", "RTX2000Ada", "RTX3080",
            "RTX4060Ti", "RTX4090", "V100_x8")),
        *(f"nvidia-smi-xml/{n}.xml" for n in (
            "netdata-rtx-2080-win", "netdata-rtx-pro-6000-driver-580", "netdata-tesla-p100",
            "telegraf-a100-sxm4-v12", "telegraf-gtx-1660-ti", "telegraf-quadro-p400",
            "telegraf-rtx-3080-v13", "telegraf-rtx-4000-sff-ada-v13")),
        *(f"nvml-mock-yaml/{n}.yaml" for n in ("a100", "gb200", "l40s", "t4")),
    ]  # fmt: skip


@pytest.mark.parametrize("name", captures())
def test_captured_machines_are_told_rightly_or_not_at_all(tmp_path, name):
    wanted = expected(name)
    found = seen(told(nvidia_smi.answers(*nvidia_smi.read(data() / name)), tmp_path))
    whole = [device for device in found.devices if "/" not in device.id]
    assert len(whole) == len(wanted["names"])
    assert [device.name for device in whole] == wanted["names"]
    assert found.software.driver == wanted["driver"]
    assert found.software.cuda_driver == wanted["cuda"]
    shown = [device.memory_bytes and device.memory_bytes // MIB for device in whole]
    assert shown == wanted["mib"]
    for field in ("pcie_generation_max", "pcie_width_max"):
        values = {getattr(device, field) for device in whole}
        assert values in (set(wanted[field]), {None})
    assert sum("/mig:" in device.id for device in found.devices) == wanted["slices"]


def expected(name):
    """Return what the capture's origin, or for a mock its own text, expects."""
    path = data() / name
    if name.endswith(".yaml"):
        system, facts = nvidia_smi.read(path)
        names = [f["product_name"] for f in facts]
        told_so = {"driver": system["driver_version"], "cuda": system["cuda_version"]}
        sizes = [nvidia_smi.size(f["fb_memory_usage/total"]) // MIB for f in facts]
        links = {"pcie_generation_max": [int(f["pcie_generation/max"]) for f in facts],
                 "pcie_width_max": [int(f["link_width/max"]) for f in facts]}  # fmt: skip
        return {"names": names, "mib": sizes, "slices": 0} | told_so | links
    wanted = json.loads(path.with_name(path.name.split(".")[0] + ".expected.json").read_text())
    one = name.endswith(".xml")
    gpus = wanted["gpus"] if one else None

    def column(new, old):
        return [gpu[new] for gpu in gpus] if one else wanted[old]

    return {
        "names": column("name", "names"),
        "driver": wanted["driver"],
        "cuda": wanted["cuda"],
        "mib": [number(text) for text in column("mem_total", "mem_total")],
        "pcie_generation_max": [number(t) for t in column("pcie_gen_max", "pcie_gen_max")],
        "pcie_width_max": [number(t) for t in column("width_max", "width_max")],
        "slices": sum(len(gpu["mig_devices"]) for gpu in gpus or []),
    }


def number(text):
    return int("".join(c for c in text if c.isdigit())) if text else None
