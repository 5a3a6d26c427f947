"""Hypervisors and containers are named by what shows through, and bare machines are told so."""

import pytest

from advisor.probe.cpuinfo import read
from advisor.probe.mounts import Mount
from advisor.probe.surroundings import container, hypervisor
from tests.forest import grow

X86, VM = "processor: 0\nflags: fpu lm", "processor: 0\nflags: fpu lm hypervisor"
S390 = "vendor_id: IBM/S390"
DMI, RELEASE = "/sys/class/dmi/id", "/proc/sys/kernel/osrelease"
GVISOR = "Linux version 4.4.0 #1 SMP Sun Jan 10 15:06:54 PST 2016"
PCI = "/sys/bus/pci/devices/0000:00:02.0/vendor"


@pytest.mark.parametrize(
    ("files", "text", "name"),
    [
        ({}, X86, "none"),
        ({}, VM, "unknown hypervisor"),
        ({f"{DMI}/sys_vendor": "QEMU"}, VM, "KVM"),
        ({f"{DMI}/sys_vendor": "Amazon EC2", f"{DMI}/product_name": "g5.xlarge"}, VM, "KVM"),
        ({f"{DMI}/sys_vendor": "Amazon EC2", f"{DMI}/product_name": "g4dn.metal"}, X86, "none"),
        ({f"{DMI}/sys_vendor": "Microsoft Corporation", f"{DMI}/product_name": "Virtual Machine"},
         VM, "Microsoft"),
        # A Surface: the same maker, no virtual machine.
        ({f"{DMI}/sys_vendor": "Microsoft Corporation", f"{DMI}/product_name": "Surface"},
         X86, "none"),
        ({PCI: "0x15ad"}, VM, "VMware"),
        ({PCI: "0x80ee"}, X86, "VirtualBox"),
        ({RELEASE: "5.15.90.1-microsoft-standard-WSL2"}, VM, "Microsoft"),
        ({"/sys/hypervisor/type": "xen"}, X86, "Xen"),
        ({"/proc/sysinfo": "VM00 Control Program: KVM/Linux"}, S390, "KVM"),
        ({"/proc/sysinfo": "VM00 Control Program: z/VM    6.1.0"}, S390, "z/VM"),
        ({}, S390, "IBM PR/SM"),
        ({}, "processor: 0\n\nplatform: PowerNV", "none"),
        ({}, "platform: pSeries\nmachine: CHRP IBM pSeries (emulated by qemu)", "KVM"),
        ({}, "processor: 0\n\nplatform: pSeries\nmachine: CHRP IBM,8233-E8B", "PowerVM"),
        ({"/proc/device-tree/hypervisor/compatible": "linux,kvm"}, "processor: 0", "KVM"),
        ({}, "processor: 0\nCPU part: 0xd0c", None),
        ({}, "", None),
    ],
)  # fmt: skip
def test_hypervisor(files, text, name):
    architecture = "x86_64" if "flags" in text else None
    assert hypervisor(grow(files), read(text), architecture) == name


def root(kind="overlay", options="rw"):
    return (Mount("/", kind, kind, frozenset(options.split(","))),)


HOSTNAME = (*root("ext4"), Mount("/etc/hostname", "ext4", "/dev/sda1", frozenset()))


@pytest.mark.parametrize(
    ("files", "mounts", "facts", "name"),
    [
        ({}, (), {}, "none"),
        ({"/.dockerenv": ""}, HOSTNAME, {}, "docker"),
        # An image unpacked onto a disk is no container.
        ({"/.dockerenv": ""}, root("ext4"), {}, "none"),
        ({"/run/.containerenv": ""}, (), {}, "podman"),
        ({"/run/systemd/container": "systemd-nspawn\n"}, (), {}, "systemd-nspawn"),
        ({}, (), {"env:KUBERNETES_SERVICE_HOST": "10.0.0.1"}, "kubernetes"),
        ({"/proc/self/cgroup": "0::/kubepods.slice/x"}, (), {}, "kubernetes"),
        ({}, root("overlay", "upperdir=/var/lib/docker/overlay2/x"), {}, "docker"),
        ({}, (Mount("/proc/cpuinfo", "fuse.lxcfs", "lxcfs", frozenset()),), {}, "lxc"),
        ({RELEASE: "4.4.0-19041-Microsoft"}, (), {}, "wsl1"),
        ({RELEASE: "5.15.90.1-microsoft-standard-WSL2"}, (), {}, "wsl2"),
        ({"/proc/version": GVISOR}, (), {}, "gvisor"),
    ],
)  # fmt: skip
def test_container(files, mounts, facts, name):
    assert container(grow(files, facts=facts, kind="live"), mounts) == name


def test_a_tree_without_a_trace_does_not_tell():
    assert container(grow(), ()) is None
