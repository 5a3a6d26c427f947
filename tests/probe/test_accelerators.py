"""Devices of all vendors get ids in PCI order; slices, ledgers and gaps follow them."""

import pytest

from advisor import book
from advisor.errors import AdvisorError
from advisor.machine import Device, Gap, Limit, Link, Software
from advisor.part import index, resolve
from advisor.probe.accelerators import Seen, join, look
from advisor.probe.nvml.told import Answers, encode
from tests.probe.test_kfd import node
from tests.tools import score_gpus
from tests.tools.nvml import devices, told
from tests.tools.tree import card, data, source

LINE = (Limit("driver", 1.0, "nvml", binding=True),)
GREEN = Seen(
    devices=(
        Device(id="gpu:0", pci_address="0000:c1:00.0"),
        Device(id="gpu:0/mig:1", pci_address="0000:c1:00.0"),
        Device(id="gpu:1", pci_address="10000:01:00.0"),
    ),
    links=(Link(id="peer:gpu:0+gpu:1", kind="nvlink"), Link(id="link:gpu:1", kind="pcie")),
    capacity={"gpu:0/mig:1": LINE},
    gaps=(Gap("gpu:0.memory_bytes", "not told"), Gap("devices", "one is gone")),
    software=Software(driver="550"),
)
RED = Seen(
    devices=(
        Device(id="gpu:0", pci_address="0000:41:00.0"),
        Device(id="npu:0", pci_address="0000:c2:00.0"),
    ),
    capacity={"gpu:0": LINE},
    unseen="no such folder",
    software=Software(driver="6.8"),
)


def test_join():
    seen = join([GREEN, RED])
    assert [(d.id, d.pci_address) for d in seen.devices] == [
        ("gpu:0", "0000:41:00.0"),
        ("gpu:1", "0000:c1:00.0"),
        ("gpu:1/mig:1", "0000:c1:00.0"),
        ("npu:0", "0000:c2:00.0"),
        ("gpu:2", "10000:01:00.0"),
    ]
    assert seen.capacity == {"gpu:0": LINE, "gpu:1/mig:1": LINE}
    assert [link.id for link in seen.links] == ["peer:gpu:1+gpu:2", "link:gpu:2"]
    assert [gap.what for gap in seen.gaps] == ["gpu:1.memory_bytes", "devices"]
    assert seen.unseen == "no such folder"
    assert seen.software == Software(driver="550")


def test_devices_without_an_address_come_last():
    seen = join(
        [Seen(devices=(Device(id="gpu:0"), Device(id="gpu:1", pci_address="0000:01:00.0")))]
    )
    assert [d.pci_address for d in seen.devices] == ["0000:01:00.0", None]


def test_nothing_seen_is_not_nothing_there():
    assert join([]) == Seen()


# Machines written from facts: what is there, in which state, and what must not be offered.
MEM = {"/proc/meminfo": "MemTotal: 1000 kB\nMemAvailable: 900 kB\n"}
DRI = {"/dev/dri/renderD128": "", "/dev/kfd": ""}
IGPU = card("0000:00:02.0", "8086:a7a0", driver="i915")
BLIND = Answers(ended="done", values={"-": {}}, errors={"-": {"nvmlInit": 9}})


def seen(files, answers=None, **more):
    facts = more.pop("facts", {})
    if answers:
        facts |= {"nvml": encode(answers)}
    return look(source(MEM | files, facts=facts, **more), timeout=1.0)


def states(found):
    return {d.id: (d.vendor, str(d.state)) for d in found.devices}


TPU = card("0000:02:00.0", "1ae0:0063", "0x120000", "vfio-pci")
SITUATIONS = {
    "a server's BMC and a cluster's old Matrox": (
        card("0000:03:00.0", "1a03:2000", driver="ast") | card("0000:04:00.0", "102b:0536"), {}
    ),
    "displays of hypervisors": (
        card("0000:00:01.0", "1af4:1050", driver="virtio-pci") | card("0000:00:02.0", "1b36:0100")
        | card("0000:00:03.0", "15ad:0405") | card("0000:00:04.0", "1414:5353")
        | card("0000:00:05.0", "1234:1111"), {},
    ),
    "NVIDIA's sound, USB and switches": (
        card("0000:01:00.1", "10de:22bd", "0x040300")
        | card("0000:05:00.0", "10de:22a3", "0x068000")
        | card("0000:01:00.2", "10de:1ad6", "0x0c0330"), {},
    ),
    "a hybrid laptop whose NVIDIA chip nouveau has": (
        IGPU | card("0000:01:00.0", "10de:28e0", driver="nouveau"),
        {"gpu:0": ("Intel", "present"), "gpu:1": ("NVIDIA", "broken")},
    ),
    "cards set aside for virtual machines": (
        card("0000:01:00.0", "10de:2684", driver="vfio-pci")
        | card("0000:02:00.0", "1002:744c", driver="vfio-pci")
        | card("0000:03:00.0", "8086:56a0", driver="vfio-pci"),
        {f"gpu:{n}": (v, "hidden") for n, v in enumerate(("NVIDIA", "AMD", "Intel"))},
    ),
    "a TPU, which its library drives through vfio": (TPU, {"npu:0": ("Google", "present")}),
    "an integrated and a discrete Intel GPU under two drivers": (
        IGPU | card("0000:03:00.0", "8086:e20b", driver="xe"),
        {"gpu:0": ("Intel", "present"), "gpu:1": ("Intel", "present")},
    ),
    "an AMD card and an AMD processor's own GPU": (
        card("0000:03:00.0", "1002:744c", driver="amdgpu")
        | card("0000:c5:00.0", "1002:1586", driver="amdgpu")
        | node(1, location_id=0x300, device_id=0x744C)
        | node(2, location_id=0xC500, device_id=0x1586),
        {"gpu:0": ("AMD", "present"), "gpu:1": ("AMD", "present")},
    ),
    "a GPU in four shares for guests": (
        card("0000:41:00.0", "8086:56c0", "0x038000", "i915") | {
            path: text for n in range(1, 4) for path, text in card(
                f"0000:41:00.{n}", "8086:56c0", "0x038000", "i915", **{"physfn/vendor": "0x8086"}
            ).items()
        },
        {"gpu:0": ("Intel", "present")},
    ),
    "three makers in one box": (
        IGPU | card("0000:03:00.0", "1002:744c", driver="amdgpu") | node(1, location_id=0x300)
        | card("0000:81:00.0", "1da3:1020", "0x120000", "habanalabs"),
        {"gpu:0": ("Intel", "present"), "gpu:1": ("AMD", "present"), "npu:0": ("Intel", "present")},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SITUATIONS)
def test_situations(name):
    files, wanted = SITUATIONS[name]
    answers = BLIND if any("10de" in str(text) for text in files.values()) else None
    found = seen(files | DRI, answers, kind="live" if answers is None else "replay")
    assert states(found) == wanted
    assert all(d.why and d.remedy for d in found.devices if d.state != "present")


def test_foreign_drivers_leave_nothing_unseen():
    files = card("0000:01:00.0", "10de:2684", driver="vfio-pci")
    assert seen(files, BLIND, kind="replay").unseen is None
    files |= card("0000:02:00.0", "10de:2684", driver="nvidia")
    assert "not loaded" in seen(files, BLIND, kind="replay").unseen


@pytest.mark.parametrize(
    ("files", "word"),
    [({"/dev/dxg": ""}, "/dev/dxg"), ({}, "could not be listed")],
)
def test_what_wsl_hides_is_said(files, word):
    found = seen(files)
    assert (found.devices, word in found.unseen) == ((), True)


def test_sixteen_gpus_and_a_variable_by_uuid(tmp_path):
    answers = told(devices(16), tmp_path)
    shown = "GPU-00000015,GPU-00000003"
    found = seen({}, answers, kind="replay", facts={"env:CUDA_VISIBLE_DEVICES": shown})
    assert len(found.devices) == 16
    assert [d.id for d in found.devices if d.state == "present"] == ["gpu:3", "gpu:15"]


def test_thor_works_in_the_hosts_memory(tmp_path):
    lines = ("0 nvmlDeviceGetName = NVIDIA Thor", "0 nvmlDeviceGetMemoryInfo_v2 ! 3")
    (device,) = seen({}, told(devices(1, *lines), tmp_path), kind="replay").devices
    assert (device.unified_memory, device.memory_bytes) == (True, 1000 * 1024)
    (board,) = seen({"/proc/device-tree/compatible": "nvidia,p3834\0nvidia,tegra264\0"}).devices
    assert (board.name, board.compute_capability) == ("NVIDIA Tegra Thor GPU", "11.0")


def test_a_virtual_gpu_has_the_guests_share(tmp_path):
    lines = (
        "0 nvmlDeviceGetName = NVIDIA A10-8Q", "0 nvmlDeviceGetVirtualizationMode = 2",
        "0 nvmlDeviceGetMemoryInfo_v2 = 8589934592 0 8589934592 0",
    )  # fmt: skip
    found = seen({}, told(devices(1, *lines), tmp_path), kind="replay")
    assert (found.devices[0].virtualization, found.devices[0].memory_bytes) == ("vgpu", 8 << 30)
    assert "vgpu" in [line.level for line in found.capacity["gpu:0"]]


def test_of_captured_machines_nothing_is_wrong():
    data()  # skips where they are not at hand
    told = list(score_gpus.files())  # those of nvidia-smi are in test_nvidia
    assert score_gpus.wrong(iter(told)) == []
    assert sum(score_gpus.verdict(line[2], line[3]) == "right" for line in told) > 50


@pytest.mark.parametrize(
    ("wanted", "seen", "said"),
    [(1, 1, "right"), (1, 2, "wrong"), (1, None, "unknown"), (None, 2, None),
     (False, False, "right"), (0, False, "right")],
)  # fmt: skip
def test_verdicts_on_captures(wanted, seen, said):
    assert score_gpus.verdict(wanted, seen) == said


PARTS = index(book.parts(()))


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("NVIDIA H20", "NVIDIA H20"), ("NVIDIA H200", "NVIDIA H200"),
        ("NVIDIA H200 NVL", "NVIDIA H200 NVL"), ("NVIDIA H2", None), ("H20", "NVIDIA H20"),
        ("NVIDIA GeForce RTX 4090", "NVIDIA GeForce RTX 4090"),
        ("NVIDIA GeForce RTX 4090 D", "NVIDIA GeForce RTX 4090 D"),
        ("NVIDIA GeForce RTX 4090 Laptop GPU", "NVIDIA GeForce RTX 4090 Laptop GPU"),
        ("NVIDIA GeForce RTX 4060 Laptop GPU", "NVIDIA GeForce RTX 4060 Laptop GPU"),
        ("NVIDIA GeForce RTX 4060", "NVIDIA GeForce RTX 4060"),
        ("Graphics Device", None), ("AMD Radeon Graphics", None), ("", None),
        ("NVIDIA GH200 480GB", "NVIDIA GH200 480GB"), ("Tesla T4", "Tesla T4"),
    ],
)  # fmt: skip
def test_a_name_means_one_part_or_none(name, wanted):
    if wanted is None:
        with pytest.raises(AdvisorError):
            resolve(PARTS, name)
    else:
        part = resolve(PARTS, name).part
        assert wanted in {part.name, *part.names}
