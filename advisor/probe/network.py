"""Network links and their speeds (kernel: ABI sysfs-class-net, sysfs-class-infiniband)."""

import re

from advisor.machine import Network
from advisor.probe.source import Source

_NET = "/sys/class/net"
_FABRIC = "/sys/class/infiniband"
_RATE = re.compile(r"([\d.]{1,8}) Gb/sec")
_INFINIBAND = 32  # ARPHRD_INFINIBAND, include/uapi/linux/if_arp.h
_PCI = re.compile(r"[0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]")


def look(source: Source) -> tuple[Network, ...]:
    """See the links that have hardware behind them, and InfiniBand or RoCE ports."""
    links = [link for name in source.names(_NET)[:256] if (link := _net(source, name))]
    ports = [
        _port(source, card, port)
        for card in source.names(_FABRIC)[:64]
        for port in source.numbered(f"{_FABRIC}/{card}/ports", "")[:8]
    ]
    return (*links, *ports)


def _net(source: Source, name: str) -> Network | None:
    folder = f"{_NET}/{name}"
    bonded = source.exists(f"{folder}/bonding")
    if not source.exists(f"{folder}/device") and not bonded:
        return None  # bridges, tunnels, loopback and a container's end of a pair
    # The kernel answers -1, or refuses, while a link is down or where it has no speed (Wi-Fi).
    speed = source.number(f"{folder}/speed")
    state = source.text(f"{folder}/operstate")
    return Network(
        id=f"net:{name}",
        kind=_kind(source, folder, bonded=bonded),
        state=state if state in {"up", "down"} else None,
        bits_per_second=speed * 1e6 if speed and speed > 0 else None,
        pci_address=_address(source, f"{folder}/device"),
    )


def _kind(source: Source, folder: str, *, bonded: bool) -> str:
    if bonded:
        return "bond"
    if source.number(f"{folder}/type") == _INFINIBAND:
        return "infiniband"
    wireless = source.exists(f"{folder}/wireless") or source.exists(f"{folder}/phy80211")
    return "wireless" if wireless else "ethernet"


def _port(source: Source, card: str, port: int) -> Network:
    folder = f"{_FABRIC}/{card}/ports/{port}"
    rate = _RATE.match(source.text(f"{folder}/rate") or "")
    state = source.text(f"{folder}/state") or ""
    layer = source.text(f"{folder}/link_layer")
    return Network(
        id=f"rdma:{card}/{port}",
        kind="roce" if layer == "Ethernet" else "infiniband",
        state=("up" if "ACTIVE" in state else "down") if state else None,
        bits_per_second=float(rate[1]) * 1e9 if rate and rate[1].count(".") < 2 else None,
        pci_address=_address(source, f"{_FABRIC}/{card}/device"),
    )


def _address(source: Source, path: str) -> str | None:
    """The nearest PCI function above a device (virtio sits a level below its own)."""
    parts = (source.link(path) or "").split("/")
    return next((part for part in reversed(parts) if _PCI.fullmatch(part)), None)
