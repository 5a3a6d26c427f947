"""NCCL's topology files tell of NUMA nodes, bridges and links."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.probe.nccl import FILE, places, read
from advisor.probe.pci import Speed
from tests.tools.tree import data, source

NDV4 = "azhpc-images-ndv4-topo.xml"
NCV4 = "azhpc-images-ncv4-topo.xml"
MI300 = "rccl-topo_8p_940.xml"
GPUS = {0x0302, 0x1200}


def captured(name):
    return places((data() / "nccl-topo" / name).read_bytes())


@pytest.mark.parametrize(("name", "gpus", "nodes"), [(NDV4, 8, 4), (NCV4, 4, 4), (MI300, 8, 2)])
def test_captures(name, gpus, nodes):
    found = [place for place in captured(name).values() if place.kind in GPUS]
    assert (len(found), len({place.numa_node for place in found})) == (gpus, nodes)


def test_a_cloud_machines_switches():
    place = captured(NDV4)["0003:00:00.0"]
    assert (place.numa_node, place.bridges, place.speed) == (0, ("ffff:ff:01.0",), Speed(4, 16))


def test_links():
    assert len(captured(MI300)["0000:0c:00.0"].links) == 7
    assert captured(NCV4)["0001:00:00.0"].links == ()  # its NVLinks lead to itself


@pytest.mark.parametrize(
    "text",
    [b"", b"<a>", b"<system/>", b"<system><cpu numaid='x'><pci busid='?'/></cpu></system>",
     b"<!DOCTYPE x [<!ENTITY a 'b'>]><system/>", b"<a>" * 5000],
)  # fmt: skip
def test_nothing_told(text):
    assert places(text) == {}


def test_the_variable_names_the_file():
    text = "<system><cpu numaid='1'><pci busid='0001:00:00.0' class='0x030200'/></cpu></system>"
    here = source({"/x.xml": text}, facts={"env:NCCL_TOPO_FILE": "/x.xml"})
    assert read(here)["0001:00:00.0"].numa_node == 1
    assert set(read(source({FILE: text}))) == {"0001:00:00.0"}
    assert read(source({})) == {}


@given(st.text(max_size=20), st.text(max_size=9), st.text(max_size=9))
def test_no_attribute_breaks_it(busid, kind, width):
    from xml.sax.saxutils import quoteattr

    text = f"<s><cpu><pci busid={quoteattr(busid)} class={quoteattr(kind)} link_width={quoteattr(width)}/></cpu></s>"  # noqa: E501 -- one element
    assert isinstance(places(text.encode("utf-8", "replace")), dict)
