"""AMD cards by PCI and KFD, with partitions inside their card and variables applied."""

import pytest

from advisor.probe.accelerators.amd import look
from advisor.probe.doors.tree import Tree
from advisor.probe.source import Source
from tests.probe.test_kfd import node
from tests.tools.tree import card, data, source, unpacked

NODE = {"/dev/kfd": ""}
GIB = 1 << 30
ONE = card("0000:05:00.0", "1002:74a1", "0x120000", "amdgpu", mem_info_vram_total=f"{192 * GIB}",
           mem_info_vram_used=f"{GIB}")  # fmt: skip
TWO = ONE | card("0000:26:00.0", "1002:74a1", "0x120000", "amdgpu")


def seen(files, kind="tree", **environment):
    facts = {f"env:{name}": value for name, value in environment.items()}
    return look(source(files, facts=facts, kind=kind), timeout=1.0)


@pytest.mark.parametrize(
    ("files", "kind", "state", "word"),
    [
        (ONE | node(1) | NODE, "live", "present", None),
        (ONE | node(1), "live", "hidden", "/dev/kfd"),
        (ONE | node(0, simd_count=0) | NODE, "live", "broken", "KFD"),
        (ONE | NODE, "live", "unknown", "topology"),
        (ONE | node(1), "tree", "present", None),
        (card("0000:05:00.0", "1002:6798", driver="radeon"), "live", "broken", "radeon"),
        (card("0000:05:00.0", "1002:744c", driver="vfio-pci"), "live", "hidden", "virtual machine"),
        (card("0000:05:00.0", "1002:744c"), "live", "broken", "no driver"),
        (card("0000:05:00.0", "1002:744c"), "tree", "unknown", "capture"),
    ],
)
def test_states(files, kind, state, word):
    (device,) = seen(files, kind).devices
    assert device.state == state
    assert (device.why is None) if word is None else (word in device.why and device.remedy)


def test_present():
    found = seen(
        ONE | node(1, gfx_target_version=90402) | {"/opt/rocm/.info/version": "6.4.1-83\n"}
    )
    (device,) = found.devices
    assert (device.pci_id, device.architecture) == ("1002:74a1", "gfx942")
    assert (device.memory_bytes, device.memory_free_bytes) == (192 * GIB, 191 * GIB)
    assert found.software.rocm == "6.4.1"
    assert found.capacity["gpu:0"][-1].value == 191 * GIB


def test_absent():
    assert seen(card("0000:00:02.0", "8086:9a49")).devices == ()
    assert seen(card("0000:05:00.1", "1002:ab30", "0x040300")).devices == ()  # its sound


CUT = ONE | node(1, unique_id=5, simd_count=152) | node(2, location_id=1281, unique_id=5,
                                                         simd_count=152)  # fmt: skip


def test_partitions_belong_to_their_card():
    found = seen(CUT)
    assert [(d.id, d.state, d.compute_units) for d in found.devices] == [
        ("gpu:0", "hidden", 76),
        ("gpu:0/part:0", "present", 38),
        ("gpu:0/part:1", "present", 38),
    ]


@pytest.mark.parametrize(
    ("variables", "present"),
    [
        ({}, ["gpu:0", "gpu:1"]),
        ({"HIP_VISIBLE_DEVICES": "1"}, ["gpu:1"]),
        ({"ROCR_VISIBLE_DEVICES": "1", "HIP_VISIBLE_DEVICES": "0"}, ["gpu:1"]),
        ({"CUDA_VISIBLE_DEVICES": ""}, []),
        ({"ROCR_VISIBLE_DEVICES": "GPU-0000000000000007"}, ["gpu:0"]),
    ],
)
def test_variables(variables, present):
    nodes = node(1, unique_id=7) | node(2, location_id=0x2600, unique_id=9)
    found = seen(TWO | nodes, **variables)
    assert [d.id for d in found.devices if d.state == "present"] == present
    hidden = next((d for d in found.devices if d.state == "hidden"), None)
    assert (hidden is None) == (len(present) == 2)


def test_links():
    nodes = node(1, links=[(11, 2, 50000), (2, 0, 0)]) | node(2, location_id=0x2600)
    (link,) = seen(TWO | nodes).links
    assert (link.id, link.kind, link.bytes_per_second) == ("peer:gpu:0+gpu:1", "xgmi", 50e9)


def mi250(count, rates):
    """Dies of so many boards, with rates by (node, node) in MB/s."""
    files = {}
    for n in range(count):
        address = f"0000:{0x29 + n:02x}:00.0"
        ways = [(11, b, r) for (a, b), r in rates.items() if a == n + 1]
        ways += [(11, a, r) for (a, b), r in rates.items() if b == n + 1]
        files |= card(address, "1002:740c", "0x038000", "amdgpu", mem_info_vram_total=str(64 * GIB))
        files |= node(n + 1, links=ways, location_id=(0x29 + n) << 8, device_id=0x740C,
                      simd_count=416, unique_id=n + 1, gfx_target_version=90010)  # fmt: skip
    return files


RATES = {(1, 2): 200000, (3, 4): 200000, (1, 3): 50000, (1, 4): 50000, (2, 3): 50000, (2, 4): 0}
CROSSED = {(1, 3): 200000, (2, 4): 200000, (1, 2): 50000, (3, 4): 50000}
PAIRS = ["0000:29:00.0", "0000:2a:00.0"], ["0000:2b:00.0", "0000:2c:00.0"]


@pytest.mark.parametrize(
    ("count", "rates", "wanted"),
    [
        (4, RATES, PAIRS),
        (4, CROSSED, (["0000:29:00.0", "0000:2b:00.0"], ["0000:2a:00.0", "0000:2c:00.0"])),
        (4, {}, PAIRS),
        (2, {(1, 2): 0}, PAIRS[:1]),
    ],
)
def test_two_dies_are_one_card(count, rates, wanted):
    found = seen(mi250(count, rates))
    for number, addresses in enumerate(wanted):
        board = [d for d in found.devices if d.id.startswith(f"gpu:{number}")]
        assert [d.id for d in board] == [f"gpu:{number}{end}" for end in ("", "/part:0", "/part:1")]
        assert [d.state for d in board] == ["hidden", "present", "present"]
        assert [d.pci_address for d in board[1:]] == addresses
        assert (board[0].memory_bytes, board[0].compute_units) == (128 * GIB, 208)
        assert (board[1].memory_bytes, board[1].compute_units) == (64 * GIB, 104)


def test_a_die_alone_in_a_virtual_machine_is_a_card():
    assert [d.id for d in seen(mi250(1, {})).devices] == ["gpu:0"]
    assert [d.id for d in seen(mi250(3, {})).devices] == ["gpu:0", "gpu:1", "gpu:2"]


def test_links_of_both_dies_add_up():
    rates = RATES | {(2, 4): 50000}
    (link,) = [k for k in seen(mi250(4, rates)).links if k.kind == "xgmi"]
    assert (link.id, link.bytes_per_second) == ("peer:gpu:0+gpu:1", 200e9)


@pytest.mark.parametrize(("value", "usable"), [("0", ["gpu:0/part:0"]), ("3", ["gpu:1/part:1"])])
def test_variables_count_dies(value, usable):
    found = seen(mi250(4, RATES), HIP_VISIBLE_DEVICES=value)
    assert [d.id for d in found.devices if d.state == "present"] == usable


def test_mi300a_works_in_the_hosts_memory():
    host = {"/proc/meminfo": "MemTotal: 1000 kB\nMemAvailable: 900 kB\n"}
    (device,) = seen(
        card("0000:05:00.0", "1002:74a0", "0x120000", "amdgpu") | node(1) | host
    ).devices
    assert (device.unified_memory, device.memory_bytes) == (True, 1024000)


def test_a_captured_machine_in_eight_partitions_a_card(tmp_path):
    found = look(Source(Tree(unpacked("rocm-kfd/topo-mi300-cpx.tar.xz", tmp_path))), timeout=1)
    whole = [d for d in found.devices if "/" not in d.id]
    assert (len(whole), len(found.devices)) == (8, 8 + 63)
    assert len([link for link in found.links if link.kind == "xgmi"]) == 28
    assert whole[0].compute_units == 304


def test_a_captured_card_counts_once(tmp_path):
    found = look(Source(Tree(unpacked("rocm-kfd/topology-parsing.tar.xz", tmp_path))), timeout=1)
    (device,) = found.devices
    assert (device.pci_id, device.memory_bytes) == ("1002:6860", 17163091968)


def test_rocm_smi_is_evidence_where_nothing_else_is():
    text = (data() / "rocm-smi-json/mi100_rocm571.json").read_text()
    assert len(seen({"/rocm-smi.json": text}).devices) == 6
