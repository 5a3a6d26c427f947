"""Small machines and measurements that tests speak of."""

from typing import Any

import msgspec

from advisor.machine import Cpu, Device, Disk, Gap, Limit, Machine, Memory, Software, State
from advisor.measurement import Measurement
from advisor.profile import Profile

GIB = 2**30

CPU = Cpu(
    vendor="GenuineIntel", model="Intel Xeon Gold 6240", architecture="x86_64", sockets=1, cores=4,
    threads_online=8, threads_present=8, threads_allowed=2, numa_nodes=1, l3_bytes=32 * 2**20,
    isa=("avx2", "avx512f"),
)  # fmt: skip
GPU = Device(
    id="gpu:0", vendor="NVIDIA", name="NVIDIA L4", state=State.PRESENT, memory_bytes=23034 * 2**20,
    memory_free_bytes=22000 * 2**20, pci_address="0000:3b:00.0", uuid="GPU-1",
    compute_capability="8.9", power_limit_watts=72.0, power_default_watts=72.0,
)  # fmt: skip
BROKEN = Device(id="gpu:1", vendor="NVIDIA", state=State.BROKEN, why="GPU is lost", remedy="reboot")
MACHINE = Machine(
    cpu=CPU,
    memory=Memory(total_bytes=64 * GIB, available_bytes=48 * GIB),
    devices=(GPU,),
    disks=(Disk(id="disk:0", path="/data", filesystem="ext4", kind="nvme", free_bytes=100 * GIB),),
    software=Software(
        os="Debian 12", kernel="6.1.0", python="3.11.7", torch="2.13.0", torch_cuda="12.8",
        driver="550.54", cuda_driver="12.8",
    ),
    capacity={
        "cpu": (Limit("physical", 8, "/sys"), Limit("cgroup", 2, "/cpu.max", binding=True)),
        "memory": (Limit("physical", 64 * GIB, "/proc/meminfo"),
                   Limit("free", 48 * GIB, "/proc/meminfo", binding=True)),
    },
    gaps=(Gap("cpu.governor", "no cpufreq directory"),),
)  # fmt: skip


def measured(name: str, device: str, value: float, unit: str, **more: Any) -> Measurement:
    """A measurement five per cent wide."""
    low, high = more.pop("low", value * 0.95), more.pop("high", value * 1.05)
    return Measurement(
        name=name, device=device, value=value, low=low, high=high, unit=unit, rounds=5, **more
    )


MEASURED = (
    measured("matmul.peak", "cpu", 3e11, "FLOP/s", dtype="fp32"),
    measured("matmul.peak", "cpu", 2e11, "FLOP/s", dtype="bf16"),
    measured("memory.triad", "cpu", 2e10, "bytes/s"),
    measured("matmul.peak", "gpu:0", 5e13, "FLOP/s", dtype="bf16", hardware="GPU-1"),
    measured("memory.copy", "gpu:0", 2.5e11, "bytes/s", hardware="GPU-1"),
)
PROFILE = Profile(
    tool="0.1.0", taken="2026-01-01T00:00:00Z", machine=MACHINE, measurements=MEASURED
)


def machine(**parts: Any) -> Machine:
    """The usual machine, edited."""
    return msgspec.structs.replace(MACHINE, **parts)


def profile(**parts: Any) -> Profile:
    """The usual profile, edited."""
    return msgspec.structs.replace(PROFILE, **parts)
