"""Ten machines written from published figures; none of them was looked at, none was timed.

Sizes are those that drivers and kernels report for such machines. Speeds are what is published of
them, or a usual share of a published peak: matrix products reach 70 to 95 % of it in torch, copies
85 to 92 % of the memory's bandwidth. Each figure carries this in its conditions, so that a sheet
says it. tests/golden/README.md names the sources.
"""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from advisor.machine import (
    Cpu,
    Device,
    Disk,
    Gap,
    Limit,
    Link,
    Machine,
    Memory,
    Network,
    NumaNode,
    Power,
    Software,
    State,
)
from advisor.measurement import Measurement
from advisor.probe import gaps
from advisor.probe.ledger import ledger
from advisor.profile import Profile

TOOL = "0.1.0"
TAKEN = "2026-11-25T00:00:00Z"
SIMULATED = "written from published figures, not timed"
GIB, MIB, GB, TERA = 2**30, 2**20, 1e9, 1e12
GPU_CODE = ("sm_75", "sm_80", "sm_86", "sm_90", "sm_100", "sm_120")
SOFTWARE = Software(
    os="Ubuntu 24.04.3 LTS",
    kernel="6.8.0-85-generic",
    container="none",
    python="3.12.3",
    compiler="g++",
    python_headers=True,
)
WITH_CPU = replace(SOFTWARE, torch="2.13.0+cpu")
WITH_CUDA = replace(
    SOFTWARE, driver="580.95.05", driver_needed="580.65.06", cuda_driver="13.0",
    torch="2.13.0+cu130", torch_cuda="13.0", torch_architectures=GPU_CODE,
)  # fmt: skip
AVX2 = ("avx", "avx2", "f16c", "fma", "sse4_1", "sse4_2")
AVX512 = ("avx512_vnni", "avx512bw", "avx512cd", "avx512dq", "avx512f", "avx512vl")
ZEN4 = (*AVX2, *AVX512, "avx512_bf16", "avx512_vbmi2", "avx512vbmi")
SAPPHIRE = (
    "amx_bf16", "amx_int8", "amx_tile", *AVX2, *AVX512, "avx512_bf16", "avx512_fp16",
    "avx512_vbmi2", "avx512vbmi", "avx_vnni",
)  # fmt: skip
# Logical CPUs of two sockets with 56 cores each, as Linux numbers them.
HALVES = ((*range(56), *range(112, 168)), (*range(56, 112), *range(168, 224)))
ARM = ("asimd", "asimddp", "asimdhp", "fphp")

Speeds = Mapping[str, float]


def processor(vendor: str, model: str, cores: int, threads: int, l3: int, **more: Any) -> Cpu:
    """One processor or several alike; ``l3`` is the sum in MiB, as all counts are sums."""
    facts: dict[str, Any] = {
        "architecture": "x86_64", "sockets": 1, "numa_nodes": 1, "isa": AVX2,
        "threads_allowed": threads, "governor": "performance", "steal": 0.0,
    }  # fmt: skip
    return Cpu(
        vendor=vendor, model=model, cores=cores, threads_online=threads, threads_present=threads,
        l3_bytes=l3 * MIB or None, **facts | more,
    )  # fmt: skip


def card(name: str, mib: int, capability: str | None, **more: Any) -> Device:
    """A healthy card that nobody uses, with the MiB that its driver reports."""
    facts: dict[str, Any] = {
        "id": "gpu:0", "vendor": "NVIDIA", "state": State.PRESENT, "torch_runs": True,
        "memory_free_bytes": (mib - 450) * MIB, "pci_address": "0000:01:00.0", "uuid": "GPU-0",
        "kernel_driver": "nvidia", "utilization": 0.0, "processes": 0, "throttle_reasons": (),
        "temperature_celsius": 38.0, "compute_mode": "default", "mig_enabled": False,
        "persistence_mode": True, "xids": (),
    }  # fmt: skip
    return Device(name=name, memory_bytes=mib * MIB, compute_capability=capability, **facts | more)


def slot(generation: int, width: int = 16) -> dict[str, int]:
    """A PCIe link that runs as fast as both its ends can."""
    ends = ("", "_max", "_device", "_slot")
    return {f"pcie_generation{end}": generation for end in ends} | {
        f"pcie_width{end}": width for end in ends
    }


def disk(kind: str, gib: int, free: int, filesystem: str = "ext4") -> Disk:
    """The disk of the working folder; sizes in GiB."""
    return Disk(
        id="disk:0", path="/home/user", filesystem=filesystem, kind=kind, total_bytes=gib * GIB,
        free_bytes=free * GIB, device="nvme0n1",
    )  # fmt: skip


def memory(gib: float, available: float, **more: Any) -> Memory:
    """Host memory in GiB as the kernel counts it, which is less than is built in."""
    facts: dict[str, Any] = {"transparent_huge_pages": "madvise", "swap_total_bytes": 0}
    return Memory(total_bytes=int(gib * GIB), available_bytes=int(available * GIB), **facts | more)


def times(device: str, speeds: Speeds) -> list[Measurement]:
    """Figures 5 % wide; a key is a measurement's name and, where it has one, its dtype."""
    return [_time(device, *key.partition(" ")[::2], value) for key, value in speeds.items()]


def _time(device: str, name: str, dtype: str, value: float) -> Measurement:
    units = {"matmul.peak": "FLOP/s", "launch.latency": "s"}
    return Measurement(
        name=name, device=device, value=value, low=value * 0.95, high=value * 1.05,
        unit=units.get(name, "bytes/s"), rounds=5, dtype=dtype or None, taken=TAKEN,
        conditions={"simulated": SIMULATED},
    )  # fmt: skip


def matmul(**peaks: float) -> Speeds:
    """Peaks in TFLOP/s by dtype."""
    return {f"matmul.peak {dtype}": value * TERA for dtype, value in peaks.items()}


def moved(copy: float, triad: float, launch: float) -> Speeds:
    """Copy and triad in GB/s, what a call costs in microseconds."""
    return {"memory.copy": copy * GB, "memory.triad": triad * GB, "launch.latency": launch * 1e-6}


def linked(rate: float) -> Speeds:
    """Pinned copies over the host's link in GB/s, both ways alike."""
    return {"host_link.h2d": rate * GB, "host_link.d2h": rate * GB}


def read(rate: float) -> list[Measurement]:
    """What the disk reads, in GB/s."""
    return times("disk:0", {"disk.read": rate * GB})


def profile(machine: Machine, *speeds: list[Measurement]) -> Profile:
    """A profile with its ledger of what each level leaves."""
    host = machine.memory
    lines = {
        "cpu": (Limit("physical", machine.cpu.threads_online, "/sys", binding=True),),
        "memory": (
            Limit("physical", host.total_bytes, "/proc/meminfo"),
            Limit("free now", host.available_bytes, "/proc/meminfo", binding=True),
        ),
    }
    lines |= {device.id: ledger(device, "driver") for device in machine.devices}
    machine = replace(machine, capacity=lines | machine.capacity)
    return Profile(
        tool=TOOL, taken=TAKEN, machine=machine,
        measurements=tuple(row for rows in speeds for row in rows),
    )  # fmt: skip


def laptop() -> Profile:
    """A thin laptop without a GPU for computing; its processor holds 15 W for long."""
    machine = Machine(
        cpu=processor(
            "GenuineIntel", "13th Gen Intel(R) Core(TM) i7-1355U", 10, 12, 12,
            isa=(*AVX2, "avx_vnni"), max_hz=5.0e9, limit_hz=5.0e9, governor="powersave",
            energy_preference="balance_performance",
        ),
        memory=memory(15.3, 10.2, channels=2, bandwidth_bytes_per_second=83.2 * GB),
        disks=(disk("nvme", 467, 212),),
        software=WITH_CPU,
        power=Power(on_battery=False, battery=0.97, profile="balanced"),
    )  # fmt: skip
    cpu = matmul(fp32=0.28, bf16=0.09) | moved(62, 58, 2.4)
    return profile(machine, times("cpu", cpu), read(3.1))


def desktop() -> Profile:
    """A gaming desktop with an RTX 4090."""
    machine = Machine(
        cpu=processor(
            "AuthenticAMD", "AMD Ryzen 7 7800X3D 8-Core Processor", 8, 16, 96, isa=ZEN4,
            max_hz=5.05e9, limit_hz=5.05e9,
        ),
        memory=memory(62.0, 55.0, channels=2, bandwidth_bytes_per_second=96 * GB),
        devices=(
            card(
                "NVIDIA GeForce RTX 4090", 24564, "8.9", memory_free_bytes=23400 * MIB,
                power_limit_watts=450.0, power_default_watts=450.0, **slot(4),
            ),
        ),
        links=(Link(id="link:gpu:0", kind="pcie", count=16, generation=4,
                    bytes_per_second=31.5 * GB),),
        disks=(disk("nvme", 1832, 900),),
        software=WITH_CUDA,
    )  # fmt: skip
    gpu = matmul(fp32=58, tf32=78, bf16=158, fp16=158) | moved(920, 925, 4.5)
    cpu = matmul(fp32=1.0, bf16=1.9) | moved(60, 62, 1.2)
    return profile(
        machine, times("cpu", cpu), times("gpu:0", gpu), times("link:gpu:0", linked(25)), read(5.5)
    )


def two_xeons(number: str, gib: int) -> Cpu:
    """Two sockets of a Sapphire Rapids with 56 cores, each with so much memory."""
    return processor(
        "GenuineIntel", f"Intel(R) Xeon(R) Platinum {number}", 112, 224, 210, isa=SAPPHIRE,
        sockets=2, numa_nodes=2, max_hz=3.8e9, limit_hz=3.8e9,
        numa=tuple(NumaNode(n, cpus, gib * GIB) for n, cpus in enumerate(HALVES)),
    )  # fmt: skip


def server() -> Profile:
    """Two sockets of a Xeon with AMX, without a GPU."""
    machine = Machine(
        cpu=two_xeons("8480+", 251),
        memory=memory(503, 490, channels=16, bandwidth_bytes_per_second=614.4 * GB),
        disks=(disk("nvme", 3576, 2900, "xfs"),),
        network=(Network("net:ens1", "ethernet", "up", 25e9),),
        software=WITH_CPU,
    )  # fmt: skip
    cpu = matmul(fp32=7.5, bf16=85, fp16=70) | moved(430, 460, 3.0)
    return profile(machine, times("cpu", cpu), read(6.2))


def node() -> Profile:
    """Eight H100 that all reach each other over NVLink, as in a DGX."""
    ids = [f"gpu:{n}" for n in range(8)]
    buses = ("1b", "43", "52", "61", "9d", "c3", "d1", "df")
    gpus = tuple(
        card(
            "NVIDIA H100 80GB HBM3", 81559, "9.0", id=name, uuid=f"GPU-{n}",
            pci_address=f"0000:{buses[n]}:00.0", numa_node=n // 4, power_limit_watts=700.0,
            power_default_watts=700.0, ecc_enabled=True, ecc_uncorrected=0, rows_pending=False,
            rows_failed=False, **slot(5),
        )
        for n, name in enumerate(ids)
    )  # fmt: skip
    nvlinks = tuple(
        Link(id=f"peer:{a}+{b}", kind="nvlink", count=18, generation=4, distance=None,
             bytes_per_second=450 * GB, peer_access=True)
        for n, a in enumerate(ids) for b in ids[n + 1 :]
    )  # fmt: skip
    machine = Machine(
        cpu=two_xeons("8480C", 1007),
        memory=memory(2015, 1980, channels=16, bandwidth_bytes_per_second=614.4 * GB),
        devices=gpus,
        links=(*nvlinks, *(Link(id=f"link:{n}", kind="pcie", count=16, generation=5,
                                bytes_per_second=63 * GB) for n in ids)),
        disks=(disk("nvme", 28000, 21000, "xfs"),),
        network=(Network("net:ib0", "infiniband", "up", 400e9),),
        software=WITH_CUDA,
        product="NVIDIA DGXH100",
    )  # fmt: skip
    gpu = matmul(fp32=51, tf32=400, bf16=740, fp16=740) | moved(2900, 2950, 4.0)
    cpu = matmul(fp32=7.5, bf16=85) | moved(430, 460, 3.0)
    each = [row for n in ids for row in times(n, gpu) + times(f"link:{n}", linked(54))]
    ring = times("peer:" + "+".join(ids), {"peer.allreduce": 450 * GB})
    return profile(machine, times("cpu", cpu), each, ring, read(20))


def mig() -> Profile:
    """A container that was given a 3g.40gb slice of an A100: 42 of its 108 SMs, half its memory."""
    whole = card(
        "NVIDIA A100-SXM4-80GB", 81920, "8.0", mig_enabled=True, state=State.HIDDEN,
        why="in MIG mode only its slices can be used",
        remedy="use a slice, or end MIG mode: sudo nvidia-smi -mig 0 -i its PCI id",
        pci_address="0000:47:00.0", ecc_enabled=True, **slot(4),
    )  # fmt: skip
    part = replace(
        whole, id="gpu:0/mig:0", name="NVIDIA A100-SXM4-80GB MIG 3g.40gb", state=State.PRESENT,
        why=None, remedy=None, memory_bytes=40192 * MIB, memory_free_bytes=40150 * MIB,
        uuid="MIG-0", compute_units=42, slice_place="1/0", power_limit_watts=None,
    )  # fmt: skip
    machine = Machine(
        cpu=processor(
            "AuthenticAMD", "AMD EPYC 7742 64-Core Processor", 64, 128, 256, threads_allowed=16,
        ),
        memory=memory(1007, 930, channels=8, bandwidth_bytes_per_second=204.8 * GB),
        devices=(whole, part),
        disks=(disk("nvme", 3500, 1200, "overlay"),),
        software=replace(WITH_CUDA, container="docker"),
        capacity={
            "cpu": (Limit("physical", 128, "/sys"),
                    Limit("cgroup", 16, "/sys/fs/cgroup/cpu.max", binding=True)),
            "memory": (Limit("physical", 1007 * GIB, "/proc/meminfo"),
                       Limit("cgroup", 128 * GIB, "/sys/fs/cgroup/memory.max", binding=True),
                       Limit("free now", 930 * GIB, "/proc/meminfo")),
        },
    )  # fmt: skip
    gpu = matmul(fp32=7.2, tf32=52, bf16=98, fp16=98) | moved(880, 890, 5.0)
    cpu = matmul(fp32=0.55) | moved(70, 75, 2.0)
    return profile(
        machine, times("cpu", cpu), times("gpu:0/mig:0", gpu),
        times("link:gpu:0/mig:0", linked(24)), read(2.5),
    )  # fmt: skip


def container() -> Profile:
    """Two CPUs' time and 2 GiB on a cloud's large host."""
    machine = Machine(
        cpu=processor(
            "AuthenticAMD", "AMD EPYC 7763 64-Core Processor", 8, 16, 32, threads_allowed=2,
            hypervisor="KVM", governor=None,
        ),
        memory=memory(62.7, 51.0),
        disks=(disk("virtual", 100, 38, "overlay"),),
        software=replace(WITH_CPU, os="Debian GNU/Linux 12 (bookworm)", container="docker",
                         compiler=None, python_headers=False),
        capacity={
            "cpu": (Limit("physical", 16, "/sys"),
                    Limit("cgroup", 2, "/sys/fs/cgroup/cpu.max", binding=True)),
            "memory": (Limit("physical", int(62.7 * GIB), "/proc/meminfo"),
                       Limit("cgroup", 2 * GIB, "/sys/fs/cgroup/memory.max", binding=True),
                       Limit("free now", 51 * GIB, "/proc/meminfo")),
        },
        gaps=(Gap("cpu.governor", "a virtual machine does not show it"),),
    )  # fmt: skip
    cpu = matmul(fp32=0.085) | moved(24, 22, 2.2)
    return profile(machine, times("cpu", cpu), read(0.2))


def apple() -> Profile:
    """A laptop whose GPU works in the host's memory: M3 Max, 40 GPU cores, 64 GB."""
    gpu = Device(
        id="gpu:0", vendor="Apple", name="Apple M3 Max", state=State.PRESENT, unified_memory=True,
        memory_bytes=64 * GIB, memory_free_bytes=48 * GIB, compute_units=40,
    )  # fmt: skip
    machine = Machine(
        cpu=processor(
            "Apple", "Apple M3 Max", 16, 16, 0, architecture="arm64", isa=(*ARM, "bf16", "i8mm"),
            numa_nodes=None, governor=None, steal=None,
        ),
        memory=memory(64, 48, transparent_huge_pages=None),
        devices=(gpu,),
        disks=(disk("nvme", 926, 410, "apfs"),),
        gaps=tuple(gaps.gaps(gpu, gaps.COMMON, "macOS does not report it", "sudo powermetrics")),
        software=Software(os="macOS 15.6", kernel="24.6.0", python="3.12.11", torch="2.13.0",
                          compiler="clang++", python_headers=True),
        power=Power(on_battery=False, battery=1.0),
        product="Mac15,9",
    )  # fmt: skip
    cpu = matmul(fp32=2.4, bf16=2.0) | moved(190, 200, 1.0)
    mps = matmul(fp32=11.5, fp16=12.8, bf16=12.2) | moved(345, 345, 12)
    return profile(machine, times("cpu", cpu), times("gpu:0", mps), read(5.0))


def jetson() -> Profile:
    """A Jetson AGX Orin 64 GB, whose GPU works in the host's memory."""
    gpu = card(
        "NVIDIA Tegra Orin GPU", 62841, "8.7", unified_memory=True, memory_free_bytes=56 * GIB,
        pci_address=None, uuid=None, kernel_driver=None, throttle_reasons=None, processes=None,
        compute_mode=None, persistence_mode=None, utilization=None, temperature_celsius=None,
        mig_enabled=None, xids=None,
    )  # fmt: skip
    machine = Machine(
        cpu=processor(
            "ARM", "Cortex-A78AE", 12, 12, 6, architecture="aarch64", isa=ARM, max_hz=2.2e9,
            limit_hz=2.2e9, governor="schedutil", numa_nodes=1,
        ),
        memory=memory(61.4, 56),
        devices=(gpu,),
        disks=(disk("emmc", 57, 21),),
        software=replace(
            SOFTWARE, os="Ubuntu 22.04.5 LTS", kernel="5.15.148-tegra", python="3.10.12",
            torch="2.8.0", torch_cuda="12.6", cuda_driver="12.6", driver="540.4.0",
            torch_architectures=("sm_87",),
        ),
        gaps=tuple(gaps.gaps(gpu, gaps.COMMON, "only tegrastats tells it", "run tegrastats")),
        product="NVIDIA Jetson AGX Orin Developer Kit",
        power=Power(on_battery=False, mode="MAXN", mode_capped=False),
    )  # fmt: skip
    cuda = matmul(fp32=4.4, tf32=8.5, bf16=30, fp16=30) | moved(165, 168, 14)
    cpu = matmul(fp32=0.3) | moved(62, 58, 4.0)
    return profile(machine, times("cpu", cpu), times("gpu:0", cuda), read(0.3))


def broken() -> Profile:
    """A desktop whose driver was updated under a running kernel module."""
    gpu = Device(
        id="gpu:0", vendor="NVIDIA", name="NVIDIA GeForce RTX 3090", state=State.BROKEN,
        why="the NVIDIA library and the loaded kernel driver have different versions",
        remedy="reboot, or unload and load the nvidia kernel modules",
        pci_address="0000:0a:00.0", pci_id="10de:2204", kernel_driver="nvidia",
    )  # fmt: skip
    fields = ("memory_bytes", "compute_capability", "utilization", "temperature_celsius")
    machine = Machine(
        cpu=processor(
            "AuthenticAMD", "AMD Ryzen 7 5800X 8-Core Processor", 8, 16, 32, max_hz=4.85e9,
            limit_hz=4.85e9,
        ),
        memory=memory(31.3, 27.5, channels=2, bandwidth_bytes_per_second=51.2 * GB),
        devices=(gpu,),
        disks=(disk("nvme", 916, 350),),
        software=replace(WITH_CUDA, driver="570.172.08", cuda_driver=None),
        gaps=tuple(Gap(f"gpu:0.{f}", str(gpu.why), str(gpu.remedy)) for f in fields),
        devices_unseen=f"NVIDIA: {gpu.why}",
    )  # fmt: skip
    cpu = matmul(fp32=0.9) | moved(38, 36, 1.3)
    return profile(machine, times("cpu", cpu), read(3.4))


def unknown() -> Profile:
    """A card newer than the catalogue, which nobody has timed yet."""
    machine = Machine(
        cpu=processor(
            "GenuineIntel", "Intel(R) Core(TM) i7-14700K", 20, 28, 33, isa=(*AVX2, "avx_vnni"),
            max_hz=5.6e9, limit_hz=5.6e9,
        ),
        memory=memory(62.6, 57.0, channels=2, bandwidth_bytes_per_second=89.6 * GB),
        devices=(card("NVIDIA Graphics Device", 49140, "12.0", **slot(5)),),
        links=(Link(id="link:gpu:0", kind="pcie", count=16, generation=5,
                    bytes_per_second=63 * GB),),
        disks=(disk("nvme", 1832, 1400),),
        software=WITH_CUDA,
    )  # fmt: skip
    cpu = matmul(fp32=1.1, bf16=0.4) | moved(68, 66, 1.2)
    return profile(machine, times("cpu", cpu), read(6.0))


MACHINES: Mapping[str, tuple[Callable[[], Profile], tuple[str, str]]] = {
    "laptop": (laptop, ("cnn", "llm-7b")),
    "desktop": (desktop, ("cnn", "llm-7b")),
    "server": (server, ("cnn", "trees")),
    "node": (node, ("cnn", "llm-70b")),
    "mig": (mig, ("cnn", "transformer")),
    "container": (container, ("cnn", "trees")),
    "apple": (apple, ("cnn", "llm-7b")),
    "jetson": (jetson, ("cnn", "detection")),
    "broken": (broken, ("cnn", "speech")),
    "unknown": (unknown, ("cnn", "llm-1b")),
}
