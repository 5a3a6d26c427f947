"""Links with hardware behind them, at the speed they negotiated."""

import pytest

from advisor.machine import Network
from advisor.probe.network import look
from tests.forest import grow

NET, FABRIC = "/sys/class/net", "/sys/class/infiniband/mlx5_0"
PCI = "/sys/devices/pci0000:00/0000:3b:00.0"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({f"{NET}/eth0/speed": "25000", f"{NET}/eth0/operstate": "up", f"{NET}/eth0/type": "1"},
         Network("net:eth0", "ethernet", "up", 25e9, "0000:3b:00.0")),
        ({f"{NET}/eth0/speed": "-1", f"{NET}/eth0/operstate": "down"},
         Network("net:eth0", "ethernet", "down", None, "0000:3b:00.0")),
        ({f"{NET}/eth0/operstate": "up", f"{NET}/eth0/wireless/status": ""},
         Network("net:eth0", "wireless", "up", None, "0000:3b:00.0")),
        ({f"{NET}/eth0/type": "32", f"{NET}/eth0/operstate": "unknown"},
         Network("net:eth0", "infiniband", None, None, "0000:3b:00.0")),
        ({f"{NET}/eth0/bonding/mode": "802.3ad", f"{NET}/eth0/speed": "50000"},
         Network("net:eth0", "bond", None, 50e9, "0000:3b:00.0")),
    ],
)  # fmt: skip
def test_net(files, expected):
    links = {f"{NET}/eth0/device": f"{PCI}/virtio2"}
    assert look(grow(files, links=links)) == (expected,)


def test_bridges_and_loopback_are_no_links():
    assert look(grow({f"{NET}/lo/speed": "", f"{NET}/docker0/speed": "10000"})) == ()


@pytest.mark.parametrize(("layer", "kind"), [("InfiniBand", "infiniband"), ("Ethernet", "roce")])
def test_rdma(layer, kind):
    port = f"{FABRIC}/ports/1"
    files = {
        f"{port}/rate": "400 Gb/sec (4X NDR)",
        f"{port}/state": "4: ACTIVE",
        f"{port}/link_layer": layer,
    }
    links = {f"{FABRIC}/device": PCI}
    assert look(grow(files, links=links)) == (
        Network("rdma:mlx5_0/1", kind, "up", 400e9, "0000:3b:00.0"),
    )
