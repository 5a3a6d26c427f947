"""Distances follow paths; a topology file knows better than a virtual machine."""

import pytest

from advisor.machine import Device, Link
from advisor.probe.between import distance, links, placed
from tests.tools.tree import data, source

PORT = ("pci0000:00", "0000:00:01.0")
SWITCH = (*PORT, "0000:01:00.0")


@pytest.mark.parametrize(
    ("one", "other", "nodes", "wanted"),
    [
        ((*SWITCH, "0000:02:00.0", "a"), (*SWITCH, "0000:02:01.0", "b"), (0, 0), "switch"),
        ((*SWITCH, "x", "y", "z", "a"), (*SWITCH, "0000:02:01.0", "b"), (0, 0), "switches"),
        ((*PORT, "a"), ("pci0000:00", "0000:00:02.0", "b"), (0, 0), "bridge"),
        ((*PORT, "a"), ("pci0000:80", "0000:80:01.0", "b"), (0, 0), "node"),
        ((*PORT, "a"), ("pci0000:80", "0000:80:01.0", "b"), (0, 1), "system"),
        ((*PORT, "a"), ("pci0000:80", "0000:80:01.0", "b"), (None, 1), None),
        ((), (*PORT, "a"), (0, 0), None),
    ],
)  # fmt: skip
def test_distance(one, other, nodes, wanted):
    assert distance(one, other, nodes) == wanted
    assert distance(other, one, nodes[::-1]) == wanted


def devices(*addresses):
    return tuple(Device(id=f"gpu:{n}", pci_address=a) for n, a in enumerate(addresses))


def cloud():
    text = (data() / "nccl-topo/azhpc-images-ndv4-topo.xml").read_text()
    return source({"/var/run/nvidia-topologyd/virtualTopology.xml": text})


def test_a_cloud_machine():
    here = cloud()
    found = placed(here, devices("0001:00:00.0", "0002:00:00.0", "0003:00:00.0"))
    assert [d.numa_node for d in found] == [1, 1, 0]
    assert [(link.id, link.distance) for link in links(here, found, ())] == [
        ("peer:gpu:0+gpu:1", "switch"),
        ("peer:gpu:0+gpu:2", "system"),
        ("peer:gpu:1+gpu:2", "system"),
    ]


def test_what_drivers_know_is_kept():
    known = (Link(id="peer:gpu:0+gpu:1", kind="nvlink", count=12, distance="node"),)
    found = placed(cloud(), devices("0001:00:00.0", "0002:00:00.0"))
    assert links(cloud(), found, known) == known


def test_links_of_a_topology_file():
    text = (data() / "nccl-topo/rccl-topo_8p_940.xml").read_text()
    here = source({"/t.xml": text}, facts={"env:NCCL_TOPO_FILE": "/t.xml"})
    (link,) = links(here, placed(here, devices("0000:0c:00.0", "0000:15:00.0")), ())
    assert (link.kind, link.count, link.distance) == ("xgmi", 1, "node")


def test_nothing_known_nothing_said():
    assert links(source({}), devices("0000:01:00.0", "0000:02:00.0"), ()) == ()
