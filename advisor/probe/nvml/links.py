"""NVLinks and distances between NVIDIA devices, as NVML tells them."""

from collections import Counter
from itertools import combinations

from advisor.machine import Device, Link
from advisor.probe import pci
from advisor.probe.links import host_link, peer
from advisor.probe.nvml.told import Answers

# nvml.h, nvmlNvlinkVersion_t: generation, and bytes a second of one link in one direction
# (NVIDIA, "NVLink and NVLink Switch"; 4.0 has 18 links for 450 GB/s, 5.0 18 for 900 GB/s).
_VERSIONS = {1: (1, 20e9), 2: (2, 25e9), 3: (2, 25e9), 4: (3, 25e9), 5: (3, 25e9), 6: (4, 25e9),
             7: (5, 50e9)}  # fmt: skip
# nvml.h, nvmlGpuTopologyLevel_t.
_DISTANCES = {0: "board", 10: "switch", 20: "switches", 30: "bridge", 40: "node", 50: "system"}
SWITCH = "switch"
LINKS = 18


def links(answers: Answers, devices: dict[str, Device]) -> tuple[Link, ...]:
    """Return the links of devices by NVML's index, to the host and to each other."""
    found = [_host(answers, subject, device) for subject, device in devices.items()]
    ends = {subject: _ends(answers, subject, devices) for subject in devices}
    found += [
        _between(answers, (one, other), ends, devices) for one, other in combinations(devices, 2)
    ]
    return tuple(link for link in found if link)


def _host(answers: Answers, subject: str, device: Device) -> Link | None:
    if answers.part(subject, "nvmlDeviceGetC2cModeInfoV", "isC2cEnabled") == 1:
        return Link(id=f"link:{device.id}", kind="c2c")
    return host_link(device)


def _ends(answers: Answers, subject: str, devices: dict[str, Device]) -> Counter[str]:
    """Count a device's active NVLinks by where they lead: another device, or a switch."""
    by_address = {device.pci_address: name for name, device in devices.items()}
    ends: Counter[str] = Counter()
    for number in range(LINKS):
        if answers.number(subject, f"nvmlDeviceGetNvLinkState({number})") != 1:
            continue
        value = answers.value(subject, f"nvmlDeviceGetNvLinkRemotePciInfo({number})")
        address = pci.short(str(value.get("busId"))) if isinstance(value, dict) else None
        ends[by_address.get(address, SWITCH) if address else SWITCH] += 1
    return ends


def _between(
    answers: Answers,
    pair: tuple[str, str],
    ends: dict[str, Counter[str]],
    devices: dict[str, Device],
) -> Link | None:
    one, other = pair
    subject = f"{one}-{other}"
    count = ends[one][other] or min(ends[one][SWITCH], ends[other][SWITCH])
    level = answers.number(subject, "nvmlDeviceGetTopologyCommonAncestor")
    access = answers.number(subject, "nvmlDeviceGetP2PStatus")
    if not count and level is None and access is None:
        return None
    generation, rate = _version(answers, one) if count else (None, None)
    return Link(
        id=peer(devices[one].id, devices[other].id),
        kind="nvlink" if count else "pcie",
        count=count or None,
        generation=generation,
        bytes_per_second=rate * count if rate else None,
        distance=None if level is None else _DISTANCES.get(level),
        peer_access=None if access is None else access == 0,
    )


def _version(answers: Answers, subject: str) -> tuple[int | None, float | None]:
    calls = [f"nvmlDeviceGetNvLinkVersion({number})" for number in range(LINKS)]
    version = answers.number(subject, *calls)
    return _VERSIONS.get(version, (None, None)) if version is not None else (None, None)
