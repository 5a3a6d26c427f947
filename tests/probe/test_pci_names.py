"""pci.ids names a device only where it names one product."""

import pytest

from advisor.machine import Device
from advisor.probe.pci_names import FILES, listed, named, product
from tests.tools.tree import source

TEXT = """# comment
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t744c  Navi 31 [Radeon RX 7900 XT/7900 XTX/7900 GRE/7900M]
\t74a1  Aqua Vanjaram [Instinct MI300X]
10de  NVIDIA Corporation
\t2204  GA102 [GeForce RTX 3090]
\t\t10de 1454  GeForce RTX 3090 Founders Edition
\t2684  AD102 [GeForce RTX 4090]
\t2685  AD102 [GeForce RTX 4090 D]
\t28e0  AD107M [GeForce RTX 4060 Max-Q / Mobile]
\t1eb8  TU104GL
8086  Intel Corporation
\t56a0  DG2 [Arc A770]
C 03  Display controller
\t00  VGA compatible controller
"""


@pytest.mark.parametrize(
    ("ids", "vendor", "wanted"),
    [
        ("10de:2204", "NVIDIA", "NVIDIA GeForce RTX 3090"),
        ("10de:2684", "NVIDIA", "NVIDIA GeForce RTX 4090"),
        ("10de:2685", "NVIDIA", "NVIDIA GeForce RTX 4090 D"),
        ("10de:28e0", "NVIDIA", "NVIDIA GeForce RTX 4060 Laptop GPU"),
        ("10de:1eb8", "NVIDIA", None),
        ("10de:56a0", "NVIDIA", None),
        ("10de:1454", "NVIDIA", None),
        ("1002:744c", "AMD", None),
        ("1002:74a1", "AMD", "AMD Instinct MI300X"),
        ("8086:56a0", "Intel", "Intel Arc A770"),
        ("ffff:0000", None, None),
        ("03:00", None, None),
    ],
)
def test_names(ids, vendor, wanted):
    assert product(listed(TEXT, ids), vendor) == wanted


def test_a_drivers_name_stands():
    tree = source({FILES[0]: TEXT})
    one = Device(id="gpu:0", vendor="NVIDIA", pci_id="10de:2204")
    assert named(tree, one).name == "NVIDIA GeForce RTX 3090"
    own = Device(id="gpu:0", vendor="NVIDIA", pci_id="10de:2204", name="NVIDIA A")
    assert named(tree, own).name == "NVIDIA A"


def test_a_name_of_a_kind_gives_way():
    tree = source({FILES[0]: TEXT})
    known = Device(id="gpu:0", vendor="NVIDIA", pci_id="10de:2685", name="Graphics Device")
    assert named(tree, known).name == "NVIDIA GeForce RTX 4090 D"
    unknown = Device(id="gpu:0", vendor="NVIDIA", pci_id="10de:ffff", name="Graphics Device")
    assert named(tree, unknown).name == "Graphics Device"


def test_a_recorded_line_is_enough():
    told = source({}, facts={"pci.ids:8086:56a0": "DG2 [Arc A770]"}, kind="replay")
    assert named(told, Device(id="gpu:0", vendor="Intel", pci_id="8086:56a0")).name == (
        "Intel Arc A770"
    )
