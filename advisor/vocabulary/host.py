"""Facts about the host: processor, memory, limits, disk and software."""

from collections.abc import Callable, Mapping

from advisor.fact import Fact, Origin
from advisor.machine import Cpu, Disk, Gap, Machine, State, binding, gpus
from advisor.vocabulary.row import Row, fact, rows

# Instruction sets that matter to matmul kernels, as the kernel spells them in /proc/cpuinfo.
ISA = (
    "avx2", "avx512f", "avx512_vnni", "avx512_bf16", "avx512_fp16", "avx_vnni", "amx_tile",
    "amx_bf16", "amx_int8", "asimd", "asimddp", "bf16", "i8mm", "sve", "sve2", "rvv",
)  # fmt: skip


def _isa(name: str) -> Callable[[Cpu], bool | None]:
    return lambda cpu: None if cpu.isa is None else name in cpu.isa


def _level(resource: str) -> Callable[[Machine], str | None]:
    def level(machine: Machine) -> str | None:
        line = binding(machine, resource)
        return line.level if line else None

    return level


def _gpus(machine: Machine) -> int | None:
    """Count the GPUs that can be used; None where some may not have been seen."""
    if machine.devices_unseen is not None:
        return None
    return len(gpus(machine))


def _allowed(machine: Machine) -> float | None:
    line = binding(machine, "memory")
    return line.value if line else None


CPU: tuple[Row[Cpu], ...] = rows(
    "machine",
    Origin.PROBED,
    [
        ("cpu.vendor", "text", "maker of the processor", lambda c: c.vendor),
        ("cpu.model", "text", "processor as it names itself", lambda c: c.model),
        ("cpu.architecture", "text", "instruction set family", lambda c: c.architecture),
        ("cpu.sockets", "1", "processor packages", lambda c: c.sockets),
        ("cpu.cores", "1", "physical cores of the online CPUs", lambda c: c.cores),
        (
            "cpu.cores_per_socket",
            "1",
            "physical cores of one package",
            lambda c: c.cores / c.sockets if c.cores and c.sockets else None,
        ),
        ("cpu.threads_online", "1", "logical CPUs online", lambda c: c.threads_online),
        ("cpu.threads_present", "1", "logical CPUs present", lambda c: c.threads_present),
        ("cpu.threads_allowed", "1", "CPUs that limits leave to us", lambda c: c.threads_allowed),
        ("cpu.numa_nodes", "1", "memory nodes that have CPUs", lambda c: c.numa_nodes),
        ("cpu.l3", "bytes", "last-level cache, all instances", lambda c: c.l3_bytes),
        ("cpu.hypervisor", "text", "who virtualises this machine", lambda c: c.hypervisor),
        ("cpu.steal", "%", "time that the hypervisor gave to others since boot", lambda c: c.steal),
        ("cpu.governor", "text", "how the kernel sets the clock", lambda c: c.governor),
        *((f"cpu.isa.{name}", "flag", f"the CPU runs {name}", _isa(name)) for name in ISA),
    ],
)


def _broken(machine: Machine) -> int:
    """Count the GPUs that are there and do not work."""
    return sum(d.state is State.BROKEN and d.id.startswith("gpu") for d in machine.devices)


MACHINE: tuple[Row[Machine], ...] = rows(
    "machine",
    Origin.PROBED,
    [
        ("machine.gpus", "1", "GPUs that can be used", _gpus),
        ("machine.gpus_broken", "1", "GPUs that are there and do not work", _broken),
        ("memory.total", "bytes", "host memory", lambda m: m.memory.total_bytes),
        ("memory.available", "bytes", "free for new programs", lambda m: m.memory.available_bytes),
        ("memory.allowed", "bytes", "what the binding limit leaves to us", _allowed),
        ("memory.limit", "text", "level that limits memory", _level("memory")),
        ("cpu.limit", "text", "level that limits the CPUs", _level("cpu")),
        ("software.os", "text", "operating system", lambda m: m.software.os),
        ("software.kernel", "version", "kernel release", lambda m: m.software.kernel),
        ("software.container", "text", "container or subsystem", lambda m: m.software.container),
        ("software.python", "version", "Python that runs this", lambda m: m.software.python),
        ("software.driver", "version", "NVIDIA driver", lambda m: m.software.driver),
        ("software.cuda_driver", "version", "CUDA of the driver", lambda m: m.software.cuda_driver),
        (
            "software.driver_needed",
            "version",
            "oldest driver for this torch",
            lambda m: m.software.driver_needed,
        ),
        ("software.cudnn", "version", "cuDNN", lambda m: m.software.cudnn),
        (
            "software.cudnn_needed",
            "version",
            "oldest cuDNN for this torch",
            lambda m: m.software.cudnn_needed,
        ),
        ("software.rocm", "version", "ROCm", lambda m: m.software.rocm),
        ("software.torch", "version", "installed torch", lambda m: m.software.torch),
        ("software.torch_cuda", "version", "CUDA torch is for", lambda m: m.software.torch_cuda),
        ("software.torch_hip", "version", "ROCm torch is for", lambda m: m.software.torch_hip),
    ],
)

DISK: tuple[Row[Disk], ...] = rows(
    "disk",
    Origin.PROBED,
    [
        ("disk.path", "text", "folder that was asked about", lambda d: d.path),
        ("disk.filesystem", "text", "filesystem there", lambda d: d.filesystem),
        ("disk.kind", "text", "kind of device", lambda d: d.kind),
        ("disk.total", "bytes", "size of the filesystem", lambda d: d.total_bytes),
        ("disk.free", "bytes", "free space for us", lambda d: d.free_bytes),
    ],
)

# Facts whose gap has another name than their own.
_GAP_NAMES = {"memory.allowed": "memory.available", "cpu.limit": "cpu.threads_allowed"}


def find_gap(gaps: Mapping[str, Gap], name: str) -> Gap | None:
    """Return the gap behind a fact: named as the fact is, but for its unit suffix."""
    wanted = _GAP_NAMES.get(name, "cpu.isa" if name.startswith("cpu.isa.") else name)
    found = (gaps.get(wanted + suffix) for suffix in ("", "_bytes", "_hz", "_watts", "_celsius"))
    return next((gap for gap in found if gap), None)


def facts(machine: Machine) -> dict[str, Fact]:
    """State every fact about the host."""
    gaps = {gap.what: gap for gap in machine.gaps}
    if machine.devices_unseen is not None:
        gaps["machine.gpus"] = Gap("machine.gpus", machine.devices_unseen, "mlinfra probe -v")

    def tell(row: Row[Cpu] | Row[Machine], value: object) -> Fact:
        return fact(row.declaration, value, find_gap(gaps, row.declaration.name))

    of_cpu = [tell(row, row.value(machine.cpu)) for row in CPU]
    of_all = [tell(row, row.value(machine)) for row in MACHINE]
    return {f.name: f for f in (*of_cpu, *of_all)}


def disk_facts(disk: Disk, gaps: Mapping[str, Gap]) -> dict[str, Fact]:
    """State every fact about a disk."""
    told = [fact(r.declaration, r.value(disk), find_gap(gaps, r.declaration.name)) for r in DISK]
    return {f.name: f for f in told}
