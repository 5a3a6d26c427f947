"""Devices of all vendors get ids in PCI order; slices, ledgers and gaps follow them."""

from advisor.machine import Device, Gap, Limit, Link, Software
from advisor.probe.accelerators import Seen, join

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
