"""A look gathers what its parts saw."""

import contextlib
import csv
import os
import re
import tarfile
from pathlib import Path

import pytest

from advisor.machine import Software, binding
from advisor.probe import live, look, tree
from advisor.probe.look import merge
from advisor.probe.parse import size
from tests.forest import grow
from tests.tools.tree import need_safe_tar

CPU_FIELDS = (
    "vendor", "model", "architecture", "sockets", "cores", "threads_online", "threads_present",
    "threads_allowed", "numa_nodes", "l3_bytes", "core_types", "isa", "max_hz",
    "base_hz", "governor", "peaks",
)  # fmt: skip


def test_an_empty_tree_tells_nothing_and_says_so(tmp_path):
    machine = look(tree(tmp_path), directory=tmp_path)
    assert machine.cpu.cores is None
    assert machine.memory.total_bytes is None
    assert machine.disks == ()
    told = {gap.what for gap in machine.gaps}
    assert {"cpu.cores", "cpu.threads_allowed", "memory.total_bytes", "software.os"} <= told


@pytest.mark.skipif(not live().linux, reason="this system has no /proc")
def test_this_machine(tmp_path):
    machine = look(live(), directory=tmp_path)
    assert machine.cpu.threads_online >= machine.cpu.threads_allowed >= 1
    assert machine.memory.total_bytes > machine.memory.available_bytes > 0
    assert binding(machine, "cpu").value <= machine.cpu.threads_online
    assert binding(machine, "memory").value <= machine.memory.total_bytes
    assert machine.disks[0].free_bytes > 0
    assert machine.software.python


def test_drivers_fill_in_what_they_know():
    host = Software(os="Debian", kernel="6.1")
    assert merge(host, Software(driver="550")) == Software(os="Debian", kernel="6.1", driver="550")


HOSTILE = {
    "proc/cpuinfo": b"\xff\xfe\0" * 10_000,
    "proc/meminfo": b"MemTotal: 99999999999999999999999 kB\nMemAvailable: -3 kB\n",
    "proc/self/status": b"Cpus_allowed_list: 0-99999999\nVmSize: x kB",
    "proc/self/mountinfo": b"1 2 3 4 5 6 7 8 - - - -\n" * 1000,
    "proc/self/cgroup": b"0::/../../../../etc\n::::\n9:memory:/\x00\n",
    "proc/self/limits": b"Max address space     99999999999999999999999\n",
    "proc/sys/kernel/osrelease": b"\x1b]0;owned\x07 6.1",
    "etc/os-release": b'PRETTY_NAME="\x1b[31mred"\n',
    "sys/devices/system/cpu/online": b"0-4294967295",
    "sys/devices/system/cpu/cpu0/topology/core_cpus_list": b"9999999",
    "sys/devices/system/cpu/cpu0/cache/index0/level": b"-9" * 99,
    "sys/devices/system/node/node0/cpulist": b",,,",
    "sys/firmware/dmi/tables/DMI": b"\x11\xff" * 4000,
    "sys/class/net/eth0/speed": b"9" * 500,
}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no FIFOs")
def test_a_hostile_tree(tmp_path):
    """Garbage, FIFOs, loops and gigabytes cost neither time nor memory, and print no codes."""
    for name, data in HOSTILE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(data)
    os.mkfifo(tmp_path / "sys/devices/system/cpu/present")
    os.mkfifo(tmp_path / "proc/version")
    (tmp_path / "sys/devices/system/cpu/cpu1").symlink_to("cpu1")
    (tmp_path / "sys/devices/system/cpu/cpu2").symlink_to("/../../../../../etc")
    (tmp_path / "sys/class/infiniband").symlink_to(tmp_path.parent)
    with (tmp_path / "proc/mounts").open("wb") as huge:
        huge.truncate(8 << 30)
    machine = look(tree(tmp_path), directory=tmp_path)
    assert machine.memory.available_bytes is None
    assert machine.cpu.cores is None
    text = str(machine)
    assert "\x1b" not in text
    assert "\\x1b" not in text


DATA = Path(os.environ.get("MLINFRA_DATA") or Path(__file__).parents[3] / "shared" / "data")
INDEX = DATA / "machines" / "index.tsv"
CAPTURES = ("lscpu", "hwloc", "ghw", "libvirt", "nri", "iree", "pt-cpuinfo")
# Where the index follows files that contradict themselves (a CPU not among its own siblings), or
# leave out who shares a cache, or corrects what the kernel says (threads that the U74 has not).
DOUBTED = {
    ("libvirt/libvirt-x86_64-test1", "cores"),
    ("hwloc/8ia64-2s2c2t", "l3_bytes"),
    ("lscpu/rv64-linux", "cores"),
}
NOT_READ = re.compile(
    r"/(cpuidle|power|msi_irqs|thermal_throttle|stats|ondemand|hotplug)/|/memory\d"
)


def rows():
    if not INDEX.is_file():
        return []
    with INDEX.open() as lines:
        found = csv.DictReader(lines, delimiter="\t")
        return [r for r in found if r["file"].startswith(CAPTURES) and ".tar." in r["file"]]


def first(text):
    match = re.match(r"\d+", text or "")
    return int(match[0]) if match else None


def expected(row):
    """What the index knows of a tree and the tree itself tells."""
    phone = row["file"].startswith("pt-")
    soft = phone or row["arch"].startswith(("s390", "ppc", "riscv", "sparc"))
    return {
        "threads_online": first(row["logical_cpus_online"]),
        "threads_allowed": first(row["allowed_cpus"]),
        "cores": None if phone else first(row["physical_cores"]),
        "sockets": None if soft or "aarch64" in row["file"] else first(row["sockets"]),
        "l3_bytes": size(re.sub(r" \(.*", "", row["L3"])) if row["L3"][:1].isdigit() else None,
    }


def unpack(path, folder):
    """Unpack what the tar filter lets through, and return where proc or sys is."""
    need_safe_tar()
    with tarfile.open(path) as archive:
        members = [m for m in archive.getmembers() if not NOT_READ.search(m.name)]
        for member in members:
            with contextlib.suppress(tarfile.FilterError, OSError):
                archive.extract(member, folder, filter="data")
    found = [p.parent for p in sorted(folder.glob("**/")) if p.name in {"proc", "sys"}]
    return min(found, key=lambda p: len(p.parts)) if found else folder


@pytest.mark.skipif(not INDEX.is_file(), reason=f"no captures of machines at {INDEX}")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_captured_machines(row, tmp_path):
    """Nothing raises; what is told is right, and what is not told has a reason."""
    machine = look(tree(unpack(INDEX.parent / row["file"], tmp_path)), directory=Path("/"))
    gaps = {gap.what for gap in machine.gaps}
    for field, value in expected(row).items():
        told = getattr(machine.cpu, field)
        if value is None or any(row["file"].startswith(f) and field == g for f, g in DOUBTED):
            continue
        # The index rounds sizes to MiB.
        right = told == value or (field == "l3_bytes" and told == pytest.approx(value, rel=0.02))
        assert right or (told is None and f"cpu.{field}" in gaps), field
    unknown = {f for f in CPU_FIELDS if getattr(machine.cpu, f) is None}
    assert {f"cpu.{field}" for field in unknown} <= gaps


WSL = {
    "/proc/sys/kernel/osrelease": "5.15.153.1-microsoft-standard-WSL2\n",
    "/proc/version": "Linux version 5.15.153.1-microsoft-standard-WSL2 (root@41342d5a6e1b)",
    "/proc/cpuinfo": (
        "processor: 0\nvendor_id: GenuineIntel\nmodel name: 12th Gen Intel(R) Core(TM) i7-12700H\n"
        "physical id: 0\nsiblings: 2\ncore id: 0\ncpu cores: 1\nflags: fpu lm avx2 hypervisor\n\n"
        "processor: 1\nvendor_id: GenuineIntel\nmodel name: 12th Gen Intel(R) Core(TM) i7-12700H\n"
        "physical id: 0\nsiblings: 2\ncore id: 0\ncpu cores: 1\nflags: fpu lm avx2 hypervisor\n"
    ),
    "/proc/meminfo": "MemTotal: 16000 kB\nMemAvailable: 9000 kB\n",
    "/proc/self/status": "Cpus_allowed_list: 0-1\n",
    "/etc/os-release": 'PRETTY_NAME="Ubuntu 24.04"\n',
}


def test_wsl2():
    machine = look(grow(WSL), directory="/")
    assert (machine.cpu.hypervisor, machine.software.container) == ("Microsoft", "wsl2")
    assert (machine.cpu.cores, machine.cpu.threads_allowed, machine.cpu.sockets) == (1, 2, 1)
    assert machine.cpu.model == "12th Gen Intel(R) Core(TM) i7-12700H"
    assert machine.cpu.max_hz is None
    assert machine.cpu.l3_bytes is None
