"""Scores what is seen of every captured GPU machine: right, honestly unknown or wrong, by field.

usage: python -m tests.tools.score_gpus [-v]

NVIDIA's captures are answers of the stand-in for NVML, which the real pynvml asks; AMD's, lspci's
and NCCL's are files of a tree. Needs the captures (MLINFRA_DATA, or shared/data) and a C compiler.
"""

import csv
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from advisor import book
from advisor.errors import AdvisorError
from advisor.part import index, resolve
from advisor.probe import stack
from advisor.probe.accelerators import look
from advisor.probe.doors.tree import Tree
from advisor.probe.nccl import FILE as TOPOLOGY
from advisor.probe.nvml.told import encode
from advisor.probe.source import Source
from tests.tools import nvidia_smi, nvml
from tests.tools.tree import data, source, unpacked

MIB = 1 << 20
Line = tuple[str, str, object, object]  # capture, field, wanted, seen


def number(text: object) -> int | None:
    found = re.match(r"[\d.]+", str(text))
    return int(float(found[0])) if found else None


def smi(path: Path) -> Iterator[Line]:
    """Score one capture of nvidia-smi or of the mock against its origin's expectations."""
    system, facts = nvidia_smi.read(path)
    with tempfile.TemporaryDirectory() as folder:
        answers = nvml.told(nvidia_smi.answers(system, facts), Path(folder))
    found = look(source({}, facts={"nvml": encode(answers)}, kind="replay"), timeout=1.0)
    whole = [device for device in found.devices if "/" not in device.id]
    parts = [device for device in found.devices if "/mig:" in device.id]
    name = f"{path.parent.name}/{path.name}"
    yield name, "gpu_count", len(facts), len(whole)
    yield name, "driver", system.get("driver_version"), found.software.driver
    yield name, "cuda", system.get("cuda_version"), found.software.cuda_driver
    ordered = sorted(facts, key=lambda told: _address(told) or "")  # as devices are numbered
    for device, told in zip(whole, ordered, strict=False):
        yield from _device(name, device, told)
    slices = [k for k in facts[0] if re.search(r"mig_device#\d+/index$", k)]
    yield name, "mig_slices", len(slices), len(parts)


def _address(told: dict[str, str]) -> str | None:
    bus = nvidia_smi.fact(told, "bus_id")
    return bus.lower()[-12:] if bus else None


def _device(name: str, device: object, told: dict[str, str]) -> Iterator[Line]:
    def want(field: str) -> str | None:
        return nvidia_smi.fact(told, field)

    def get(field: str) -> object:
        return getattr(device, field)

    yield name, "name", want("name"), get("name")
    total = nvidia_smi.size(want("total"))
    yield name, "memory", total, get("memory_bytes") if total else total
    yield name, "reserved", nvidia_smi.size(want("reserved")), get("memory_reserved_bytes")
    yield name, "uuid", want("uuid"), get("uuid")
    yield name, "pci_address", _address(told), get("pci_address")
    linked = want("c2c") != "Enabled"  # under NVLink-C2C the PCIe link says nothing
    for field, key in (("pcie_generation", "gen"), ("pcie_generation_max", "gen_max"),
                       ("pcie_width", "width"), ("pcie_width_max", "width_max")):  # fmt: skip
        yield name, field, number(want(key)) if linked and want(key) else None, get(field)
    for field, key in (("mig_enabled", "mig"), ("ecc_enabled", "ecc"),
                       ("persistence_mode", "persistence")):  # fmt: skip
        yield name, field, want(key) == "Enabled" if want(key) else None, get(field)
    for field, key in (("power_limit_watts", "limit"), ("power_default_watts", "default"),
                       ("temperature_celsius", "temperature")):  # fmt: skip
        seen = get(field)
        yield name, field, number(want(key)), None if seen is None else int(seen)  # type: ignore[call-overload] # a number
    yield name, "compute_capability", want("capability"), get("compute_capability")


def rocm_smi(path: Path) -> Iterator[Line]:
    found = look(source({"/rocm-smi.json": path.read_text()}), timeout=1.0)
    cards = [v for k, v in json.loads(path.read_text()).items() if k.startswith("card")]
    name = f"{path.parent.name}/{path.name}"
    yield name, "gpu_count", len(cards), len(found.devices)
    for card, device in zip(cards, found.devices, strict=False):
        plain = {k.lower(): v for k, v in card.items()}
        yield name, "memory", int(plain["vram total memory (b)"]), device.memory_bytes
        yield name, "pci_address", plain["pci bus"].lower(), device.pci_address
        ids = plain.get("device id") or plain.get("gpu id")
        yield name, "pci_id", f"1002:{ids[2:]}" if ids else None, device.pci_id


def kfd(archive: str) -> Iterator[Line]:
    wanted = json.loads((data() / archive.replace(".tar.xz", ".expected.json")).read_text())
    with tempfile.TemporaryDirectory() as folder:
        found = look(Source(Tree(unpacked(archive, Path(folder)))), timeout=1.0)
    whole = [device for device in found.devices if "/" not in device.id]
    nodes = wanted["gpu_nodes"]
    cards = {(n["domain"], n["location_id"] >> 3) for n in nodes}
    yield archive, "gpu_count", len(cards), len(whole)
    first = nodes[0]
    sized = [size for _, size in first["mem"]]
    yield archive, "memory", sum(sized) or None, whole[0].memory_bytes
    ids = f"1002:{first['device_id'][2:]}"
    yield archive, "pci_id", ids, whole[0].pci_id
    own = [n for n in nodes if n["location_id"] >> 3 == first["location_id"] >> 3]
    units = {n["location_id"]: n["cus"] for n in own}
    yield archive, "compute_units", sum(units.values()), whole[0].compute_units


def lspci() -> Iterator[Line]:
    text = (data() / "lspci/gpud-a100.lspci-nn.txt").read_text()
    tree = source({}, programs={("lspci", "-Dnn"): text})
    found = look(tree, timeout=1.0)
    wanted = [line.split()[0] for line in text.splitlines() if "[10de:20b2]" in line]
    yield "lspci", "gpu_count", len(wanted), len(found.devices)
    for address, device in zip(wanted, found.devices, strict=False):
        yield "lspci", "pci_address", address, device.pci_address
        yield "lspci", "pci_id", "10de:20b2", device.pci_id


def nccl(path: Path) -> Iterator[Line]:
    """The file alone shows no devices: its places are laid beside cards of the same address."""
    text = path.read_text()
    rows = re.findall(
        r'busid="([^"]+)" class="0x(0302|1200)00" vendor="0x(\w+)" device="0x(\w+)"', text
    )
    files = {TOPOLOGY: text}
    for address, kind, vendor, device in rows:
        place = f"/sys/bus/pci/devices/{address}"
        files |= {f"{place}/class": f"0x{kind}00", f"{place}/vendor": f"0x{vendor}",
                  f"{place}/device": f"0x{device}"}  # fmt: skip
    found = look(source(files), timeout=1.0)
    name = f"{path.parent.name}/{path.name}"
    yield name, "gpu_count", len(rows), len(found.devices)
    nodes = re.split(r"<cpu ", text)[1:]
    for block in nodes:
        node = number(re.search(r'numaid="(\d+)"', block)[1])  # type: ignore[index] # always there
        for device in found.devices:
            if f'busid="{device.pci_address}"' in block:
                yield name, "numa_node", node, device.numa_node


def issues() -> Iterator[Line]:
    """Machines of bug reports: what is in the report is what NVML said there."""
    with (data() / "issue-facts/issue_facts.tsv").open() as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["gpu"].startswith("NVIDIA") and " and " not in row["gpu"]:
                yield from _issue(row)


def _issue(row: dict[str, str]) -> Iterator[Line]:
    name, driver = f"issue-facts {row['gpu']}", row["driver_or_rocm"]
    count = number(row["gpu_count"]) or 1
    lines = [f"{n} nvmlDeviceGetName = {row['gpu']}" for n in range(count)]
    if "GB10" in row["gpu"]:
        lines += [
            f"0 {call} ! 3" for call in ("nvmlDeviceGetMemoryInfo", "nvmlDeviceGetMemoryInfo_v2")
        ]
    with tempfile.TemporaryDirectory() as folder:
        answers = nvml.told(nvml.devices(count, *lines, driver=driver), Path(folder))
    memory = {"/proc/meminfo": "MemTotal: 127600748 kB\n"}
    found = look(source(memory, facts={"nvml": encode(answers)}, kind="replay"), timeout=1.0)
    software, _ = stack.look(source({}), found.software, found.devices, book.compatibility)
    yield name, "gpu_count", count, len(found.devices)
    yield name, "driver", driver, software.driver
    for device in found.devices:
        yield name, "name", row["gpu"], device.name
    if "GB10" in row["gpu"]:
        yield name, "memory", 127600748 * 1024, found.devices[0].memory_bytes
    yield name, "catalogue", row["gpu"], _part(row["gpu"])


def _part(name: str) -> str | None:
    """Return the name back if exactly one part answers to it; its neighbours' figures are wrong."""
    try:
        found = resolve(index(book.parts(())), name).part
    except AdvisorError:
        return None
    return name if name in {found.name, *found.names} else found.name


def lines() -> Iterator[Line]:
    """Yield every field of every capture."""
    for pattern in ("gpu-text/*.nvidia-smi-q.txt", "nvidia-smi-xml/*.xml", "nvml-mock-yaml/*.yaml"):
        for path in sorted(data().glob(pattern)):
            yield from smi(path)
    yield from files()
    yield from issues()


def files() -> Iterator[Line]:
    """Yield the fields of captures that are files of a tree, which takes no time."""
    for path in sorted(data().glob("rocm-smi-json/*.json")):
        yield from rocm_smi(path)
    for archive in ("rocm-kfd/topo-mi300-cpx.tar.xz", "rocm-kfd/topology-parsing.tar.xz"):
        yield from kfd(archive)
    yield from lspci()
    for path in sorted(data().glob("nccl-topo/*.xml")):
        yield from nccl(path)


def verdict(wanted: object, seen: object) -> str | None:
    """Return right, unknown or wrong; None where the capture itself does not tell."""
    if wanted is None:
        return None
    if seen is None:
        return "unknown"
    return "right" if seen == wanted else "wrong"


def wrong(told: Iterator[Line]) -> list[Line]:
    return [line for line in told if verdict(line[2], line[3]) == "wrong"]


def main() -> int:
    counts: dict[str, Counter[str]] = {}
    for capture, field, wanted, seen in lines():
        said = verdict(wanted, seen)
        if said:
            counts.setdefault(field, Counter())[said] += 1
        if said == "wrong" or (said == "unknown" and "-v" in sys.argv):
            print(f"{said}: {capture} {field}: wanted {wanted}, seen {seen}")
    print(f"{'field':22}{'right':>7}{'unknown':>9}{'wrong':>7}")
    total: Counter[str] = Counter()
    for field, told in counts.items():
        total += told
        print(f"{field:22}{told['right']:>7}{told['unknown']:>9}{told['wrong']:>7}")
    print(f"{'all':22}{total['right']:>7}{total['unknown']:>9}{total['wrong']:>7}")
    return 1 if total["wrong"] else 0


if __name__ == "__main__":
    sys.exit(main())
