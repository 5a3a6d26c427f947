"""What the system runs in: a hypervisor, a container, WSL, gVisor, or on the bare machine."""

from advisor.probe.cpuinfo import CpuInfo
from advisor.probe.mounts import Mount, under
from advisor.probe.source import Source

RELEASE = "/proc/sys/kernel/osrelease"
_DMI = "/sys/class/dmi/id"

# What firmware calls itself under each hypervisor (systemd-detect-virt(1) asks the same fields).
_FIRMWARE = {
    "QEMU": "KVM",
    "KVM": "KVM",
    "Amazon EC2": "KVM",
    "Google Compute Engine": "KVM",
    "OpenStack": "KVM",
    "Alibaba Cloud": "KVM",
    "VMware": "VMware",
    "VMW": "VMware",
    "innotek GmbH": "VirtualBox",
    "VirtualBox": "VirtualBox",
    "Oracle Corporation VirtualBox": "VirtualBox",
    "Xen": "Xen",
    "Bochs": "Bochs",
    "Parallels": "Parallels",
    "BHYVE": "bhyve",
    "Apple Virtualization": "Apple Virtualization",
    "Microsoft Corporation Virtual Machine": "Microsoft",
}
# PCI vendors of hypervisors' own devices (pci.ids).
_PCI = {"0x5853": "Xen", "0x15ad": "VMware", "0x80ee": "VirtualBox", "0x1ab8": "Parallels"}
BARE = "none"
SOME = "unknown hypervisor"


def hypervisor(source: Source, info: CpuInfo, architecture: str | None) -> str | None:
    """Name the hypervisor; `BARE` where there is none, None where that cannot be known."""
    if "microsoft" in (source.text(RELEASE) or "").lower():
        return "Microsoft"
    if source.text("/sys/hypervisor/type"):
        return "Xen" if source.text("/sys/hypervisor/type") == "xen" else SOME
    named = _firmware(source) or _mainframe(source, info) or _power(info)
    named = named or _by_device(source)
    if named or "hypervisor" in (info.any("flags") or "").split():
        return named or SOME
    # x86 has a bit for it (CPUID 1 ECX 31); elsewhere only firmware tells.
    if info.any("flags") and architecture in {"x86_64", "i686"}:
        return BARE
    return None


def _firmware(source: Source) -> str | None:
    fields = ("sys_vendor", "product_name", "board_vendor", "bios_vendor")
    told = [source.text(f"{_DMI}/{field}") or "" for field in fields]
    tree = source.text("/proc/device-tree/hypervisor/compatible") or ""
    if "metal" in told[1]:
        return None  # Amazon's bare-metal instances carry its firmware's name
    if tree:
        return {"linux,kvm": "KVM", "xen,xen": "Xen"}.get(tree.split("\0")[0], SOME)
    line = " ".join(told)
    return next((name for words, name in _FIRMWARE.items() if words in line), None)


def _mainframe(source: Source, info: CpuInfo) -> str | None:
    """On s390 even the bare machine runs partitions, under PR/SM."""
    if info.any("vendor id") != "IBM/S390":
        return None
    told = source.text("/proc/sysinfo") or ""
    if "Control Program: KVM" in told:
        return "KVM"
    return "z/VM" if "Control Program: z/VM" in told else "IBM PR/SM"


def _power(info: CpuInfo) -> str | None:
    platform = info.any("platform") or ""
    if platform == "PowerNV":
        return BARE
    machine = info.any("machine") or ""
    if platform == "pSeries":
        return "KVM" if "emulated by qemu" in machine else "PowerVM"
    return None


def _by_device(source: Source) -> str | None:
    for device in source.names("/sys/bus/pci/devices")[:512]:
        vendor = source.text(f"/sys/bus/pci/devices/{device}/vendor") or ""
        if vendor in _PCI:
            return _PCI[vendor]
    return None


_FILES = (
    ("/run/.containerenv", "podman"),
    ("/.singularity.d", "apptainer"),
)
_VARIABLES = (
    ("KUBERNETES_SERVICE_HOST", "kubernetes"),
    ("APPTAINER_CONTAINER", "apptainer"),
    ("SINGULARITY_CONTAINER", "apptainer"),
)
_WORDS = (
    ("kubepods", "kubernetes"),
    ("docker", "docker"),
    ("libpod", "podman"),
    ("containerd", "containerd"),
    ("lxc", "lxc"),
)
# gVisor prints this for every kernel it stands in for (pkg/sentry/syscalls/linux).
_GVISOR = "#1 SMP Sun Jan 10 15:06:54 PST 2016"


def container(source: Source, mounts: tuple[Mount, ...]) -> str | None:
    """Name the container; `BARE` where there is none, None where a tree holds no evidence."""
    release = (source.text(RELEASE) or "").lower()
    if _GVISOR in (source.text("/proc/version") or ""):
        return "gvisor"
    if "microsoft" in release:
        return "wsl2" if "wsl2" in release or "standard" in release else "wsl1"
    told = source.text("/run/systemd/container")
    if told:
        return told.splitlines()[0][:40]
    marks = [name for path, name in _FILES if source.exists(path)]
    marks += [name for variable, name in _VARIABLES if source.process(f"env:{variable}")]
    # An image unpacked as a machine's root has /.dockerenv too, but not Docker's own mounts.
    if source.exists("/.dockerenv") and any(m.point == "/etc/hostname" for m in mounts):
        marks.append("docker")
    if marks:
        return marks[0]
    return _by_traces(source, mounts) or (BARE if source.running else None)


def _by_traces(source: Source, mounts: tuple[Mount, ...]) -> str | None:
    """What shows through: the group's path, the layers under "/", lxcfs over /proc."""
    if any(mount.kind == "fuse.lxcfs" for mount in mounts):
        return "lxc"
    top = under(mounts, "/")
    overlay = " ".join(sorted(top.options)) if top and top.kind == "overlay" else ""
    traces = f"{source.text('/proc/self/cgroup') or ''} {overlay}"
    return next((name for word, name in _WORDS if f"/{word}" in traces), None)
