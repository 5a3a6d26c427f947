"""KFD's nodes tell cards from partitions, and local memory from the host's."""

import pytest

from advisor.probe.doors.tree import Tree
from advisor.probe.kfd import NODES, XgmiLink, nodes, xgmi
from advisor.probe.source import Source
from tests.tools.tree import source, unpacked


def node(number, banks=(), links=(), **facts):
    """Return the files of one node."""
    base = {"simd_count": 256, "simd_per_cu": 4, "vendor_id": 4098, "device_id": 29857,
            "location_id": 1280, "domain": 0}  # fmt: skip
    text = "".join(f"{name} {value}\n" for name, value in (base | facts).items())
    files = {f"{NODES}/{number}/properties": text}
    for n, (heap, size) in enumerate(banks):
        path = f"{NODES}/{number}/mem_banks/{n}/properties"
        files[path] = f"heap_type {heap}\nsize_in_bytes {size}\nwidth 4096\nmem_clk_max 1300\n"
    for n, (kind, other, rate) in enumerate(links):
        path = f"{NODES}/{number}/io_links/{n}/properties"
        files[path] = f"type {kind}\nnode_to {other}\nmax_bandwidth {rate}\n"
    return files


@pytest.mark.parametrize(
    ("facts", "banks", "field", "wanted"),
    [
        ({}, [(1, 100), (2, 20), (0, 7)], "memory_bytes", 120),
        ({"local_mem_size": 9}, [], "memory_bytes", 9),
        ({"local_mem_size": 0}, [], "memory_bytes", None),
        ({}, [(1, 100)], "memory_clock_hz", 1.3e9),
        ({"gfx_target_version": 90402}, [], "architecture", "gfx942"),
        ({"gfx_target_version": 90010}, [], "architecture", "gfx90a"),
        ({"gfx_target_version": 110501}, [], "architecture", "gfx1151"),
        ({}, [], "architecture", None),
        ({"location_id": 1283}, [], "address", "0000:05:00.3"),
        ({"location_id": 50432, "domain": 65536}, [], "address", "10000:c5:00.0"),
        ({}, [], "compute_units", 64),
        ({"simd_per_cu": 0}, [], "compute_units", None),
        ({"cpu_cores_count": 24}, [], "integrated", True),
    ],
)
def test_nodes(facts, banks, field, wanted):
    (found,) = nodes(source(node(1, banks, **facts)))
    assert getattr(found, field) == wanted


def test_processors_are_no_gpus():
    assert nodes(source(node(0, simd_count=0))) == ()


def test_no_topology_is_not_no_gpu():
    assert nodes(source({})) is None


def test_links():
    here = source(node(1, links=[(11, 2, 50000), (2, 0, 64000), (11, 3, 0)]))
    assert xgmi(here, nodes(here)[0]) == (XgmiLink(2, 50e9), XgmiLink(3, None))


def test_a_captured_machine_in_eight_partitions_a_card(tmp_path):
    found = nodes(Source(Tree(unpacked("rocm-kfd/topo-mi300-cpx.tar.xz", tmp_path))))
    assert len(found) == 63
    assert len({n.card for n in found}) == 8
    assert {(n.architecture, n.compute_units) for n in found} == {("gfx942", 38)}
