"""Turns what nvidia-smi printed, or a mock's YAML, into answers for the stand-in for NVML."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import yaml

MIB = 1 << 20
Facts = dict[str, str]

# Where a fact stands in `nvidia-smi -q` (text, XML of old and new drivers), by last path parts.
PLACES = {
    "name": ("product_name",),
    "uuid": ("gpu_uuid", "uuid"),
    "bus_id": ("pci/bus_id", "pci/pci_bus_id"),
    "device_id": ("pci/device_id", "pci/pci_device_id"),
    "persistence": ("persistence_mode",),
    "total": ("fb_memory_usage/total",),
    "reserved": ("fb_memory_usage/reserved",),
    "used": ("fb_memory_usage/used",),
    "free": ("fb_memory_usage/free",),
    "mig": ("mig_mode/current", "mig_mode/current_mig"),
    "ecc": ("ecc_mode/current", "ecc_mode/current_ecc"),
    "gen": ("pcie_generation/current", "pcie_gen/current_link_gen"),
    "gen_max": ("pcie_generation/max", "pcie_gen/max_link_gen"),
    "gen_device": ("pcie_generation/device_max", "pcie_gen/max_device_link_gen"),
    "width": ("link_width/current", "link_widths/current_link_width"),
    "width_max": ("link_width/max", "link_widths/max_link_width"),
    "limit": ("power_readings/current_power_limit", "power_readings/power_limit",
              "power_readings/enforced_power_limit"),
    "default": ("power_readings/default_power_limit",),
    "temperature": ("temperature/gpu_current_temp", "temperature/gpu_temp"),
    "slowdown": ("temperature/gpu_slowdown_temp", "temperature/gpu_temp_slow_threshold"),
    "sm_max": ("max_clocks/sm", "max_clocks/sm_clock"),
    "memory_max": ("max_clocks/memory", "max_clocks/mem_clock"),
    "utilization": ("utilization/gpu", "utilization/gpu_util"),
    "compute_mode": ("compute_mode",),
    "virtualization": ("gpu_virtualization_mode/virtualization_mode",),
    "c2c": ("gpu_c2c_mode", "c2c_mode"),
    "capability": ("cc",),
    "bus_bits": ("bus_bits",),
}  # fmt: skip
THROTTLES = {
    "idle": 0x1, "gpu_idle": 0x1, "applications_clocks_setting": 0x2, "sw_power_cap": 0x4,
    "hw_slowdown": 0x8, "sync_boost": 0x10, "sw_thermal_slowdown": 0x20,
    "hw_thermal_slowdown": 0x40, "hw_power_brake_slowdown": 0x80, "display_clock_setting": 0x100,
}  # fmt: skip
MODES = {"Default": 0, "Exclusive_Thread": 1, "Prohibited": 2, "Exclusive_Process": 3}
VIRTUAL = {"None": 0, "Pass-Through": 1, "VGPU": 2, "Host VGPU": 3, "Host VSGA": 4}
# What a plain number becomes: its NVML call, and the factor to NVML's unit.
NUMBERS = {
    "gen": ("nvmlDeviceGetCurrPcieLinkGeneration", 1),
    "gen_max": ("nvmlDeviceGetMaxPcieLinkGeneration", 1),
    "gen_device": ("nvmlDeviceGetGpuMaxPcieLinkGeneration", 1),
    "width": ("nvmlDeviceGetCurrPcieLinkWidth", 1),
    "width_max": ("nvmlDeviceGetMaxPcieLinkWidth", 1),
    "limit": ("nvmlDeviceGetEnforcedPowerLimit", 1000),
    "default": ("nvmlDeviceGetPowerManagementDefaultLimit", 1000),
    "temperature": ("nvmlDeviceGetTemperature(0)", 1),
    "slowdown": ("nvmlDeviceGetTemperatureThreshold(1)", 1),
    "sm_max": ("nvmlDeviceGetMaxClockInfo(1)", 1),
    "memory_max": ("nvmlDeviceGetMaxClockInfo(2)", 1),
    "bus_bits": ("nvmlDeviceGetMemoryBusWidth", 1),
}
FLAGS = {
    "persistence": "nvmlDeviceGetPersistenceMode",
    "mig": "nvmlDeviceGetMigMode",
    "ecc": "nvmlDeviceGetEccMode",
    "c2c": "nvmlDeviceGetC2cModeInfoV",
}


def key(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", text.strip().lower()).strip("_")


def from_text(text: str) -> tuple[Facts, list[Facts]]:
    """Read `nvidia-smi -q`: the system's facts, and each device's by their path."""
    system, devices, path = {}, [], []
    for line in text.splitlines():
        name, colon, value = line.strip().partition(" : ")
        depth = len(line) - len(line.lstrip())
        if re.match(r"GPU [0-9A-Fa-f]{8}:", line):
            devices.append({})
            path = []
            continue
        if not line.strip():
            continue
        path = [(d, n) for d, n in path if d < depth] + [(depth, key(name))]
        facts = devices[-1] if devices else system
        if colon:
            facts["/".join(n for _, n in path)] = value.strip()
    return system, devices


def from_xml(text: str) -> tuple[Facts, list[Facts]]:
    """Read `nvidia-smi -q -x`."""
    root = ET.fromstring(text)
    return leaves(root, skip="gpu"), [leaves(gpu) for gpu in root.findall("gpu")]


def leaves(element: ET.Element, above: str = "", skip: str = "") -> Facts:
    facts = {}
    counts = {}
    for child in element:
        if child.tag == skip:
            continue
        number = counts[child.tag] = counts.get(child.tag, -1) + 1
        place = f"{above}{key(child.tag)}" + (f"#{number}" if child.tag == "mig_device" else "")
        if len(child):
            facts |= leaves(child, f"{place}/")
        elif child.text:
            facts[place] = child.text.strip()
    return facts


def from_yaml(text: str) -> tuple[Facts, list[Facts]]:
    """Read a profile of NVIDIA's mock NVML."""
    data = yaml.safe_load(text)
    system = {"driver_version": data["system"]["driver_version"],
              "cuda_version": data["system"]["cuda_version"]}  # fmt: skip
    base = data["device_defaults"]
    memory, pcie, power = base["memory"], base["pcie"], base["power"]
    shared = {
        "product_name": base["name"], "pci/device_id": f"0x{base['pci']['device_id']:08X}",
        "persistence_mode": base["persistence_mode"].capitalize(),
        "fb_memory_usage/total": f"{memory['total_bytes']} B",
        "fb_memory_usage/reserved": f"{memory['reserved_bytes']} B",
        "fb_memory_usage/used": f"{memory['used_bytes']} B",
        "fb_memory_usage/free": f"{memory['free_bytes']} B",
        "mig_mode/current": base.get("mig", {}).get("mode_current", "N/A").capitalize(),
        "ecc_mode/current": base["ecc"]["mode_current"].capitalize(),
        "pcie_generation/current": str(pcie["current_link_gen"]),
        "pcie_generation/max": str(pcie["max_link_gen"]),
        "link_width/current": str(pcie["current_link_width"]),
        "link_width/max": str(pcie["max_link_width"]),
        "power_readings/current_power_limit": str(power["enforced_limit_mw"] / 1000),
        "power_readings/default_power_limit": str(power["default_limit_mw"] / 1000),
        "temperature/gpu_temp": str(base["thermal"]["temperature_gpu_c"]),
        "max_clocks/sm": str(base["clocks"]["sm_max"]),
        "max_clocks/memory": str(base["clocks"]["memory_max"]),
        "cc": "{major}.{minor}".format(**base["compute_capability"]),
    }  # fmt: skip
    return system, [
        shared | {"gpu_uuid": d["uuid"], "pci/bus_id": d["pci"]["bus_id"]} for d in data["devices"]
    ]


def fact(facts: Facts, name: str) -> str | None:
    """Find a fact of the device, and not of one of its slices; N/A is none."""
    for place in PLACES[name]:
        for path, value in facts.items():
            at_top = "/" in place or "/" not in path
            fits = path == place or path.endswith((f"/{place}", f"_{place}"))
            if fits and at_top and "mig_device#" not in path and value not in {"N/A", ""}:
                return value
    return None


def size(text: str | None) -> int | None:
    match = re.match(r"(\d+) ?(MiB|B)", text or "")
    return int(match[1]) * (MIB if match[2] == "MiB" else 1) if match else None


def answers(system: Facts, devices: list[Facts]) -> str:
    """Write the answers of such a machine."""
    lines = [f"- nvmlDeviceGetCount_v2 = {len(devices)}"]
    if driver := system.get("driver_version"):
        lines.append(f"- nvmlSystemGetDriverVersion = {driver}")
    if cuda := re.fullmatch(r"(\d+)\.(\d+)", system.get("cuda_version", "")):
        number = int(cuda[1]) * 1000 + int(cuda[2]) * 10
        lines.append(f"- nvmlSystemGetCudaDriverVersion_v2 = {number}")
    for index, facts in enumerate(devices):
        lines += [f"{index} {line}" for line in device(facts)] + slices(index, facts)
    return "\n".join([*lines, ""])


def device(facts: Facts) -> list[str]:
    found = {name: fact(facts, name) for name in PLACES}
    lines = [f"nvmlDeviceGet{call} = {found[name]}"
             for name, call in (("name", "Name"), ("uuid", "UUID")) if found[name]]  # fmt: skip
    if found["bus_id"]:
        ids = (found["device_id"] or "0").removeprefix("0x")
        lines.append(f"nvmlDeviceGetPciInfo_v3 = {found['bus_id']} 0x{ids}")
    lines += memory(found)
    for name, (call, factor) in NUMBERS.items():
        number = re.match(r"\d+(?:\.\d+)?", found[name] or "")
        if number:
            lines.append(f"{call} = {round(float(number[0]) * factor)}")
    for name, call in FLAGS.items():
        if found[name]:
            lines.append(
                f"{call} = {int(found[name] == 'Enabled')} {int(found[name] == 'Enabled')}"
            )
    if found["utilization"]:
        lines.append(f"nvmlDeviceGetUtilizationRates = {found['utilization'].split()[0]} 0")
    if found["capability"]:
        lines.append(
            f"nvmlDeviceGetCudaComputeCapability = {found['capability'].replace('.', ' ')}"
        )
    lines.append(f"nvmlDeviceGetComputeMode = {MODES.get(found['compute_mode'], 0)}")
    if found["virtualization"] in VIRTUAL:
        lines.append(f"nvmlDeviceGetVirtualizationMode = {VIRTUAL[found['virtualization']]}")
    return [*lines, *throttles(facts)]


def memory(found: dict[str, str | None]) -> list[str]:
    total, reserved, used, free = (size(found[n]) for n in ("total", "reserved", "used", "free"))
    if total is None:
        return []
    if reserved is None:  # drivers before 510 have no such number
        return [f"nvmlDeviceGetMemoryInfo = {total} {free} {used}"]
    return [f"nvmlDeviceGetMemoryInfo_v2 = {total} {reserved} {free} {used}"]


def throttles(facts: Facts) -> list[str]:
    bits, told = 0, False
    for path, value in facts.items():
        if "clocks_event_reasons" not in path and "clocks_throttle_reasons" not in path:
            continue
        name = re.sub(r"^clocks_(event|throttle)_reasons?_", "", path.rpartition("/")[2])
        bit = THROTTLES.get(name.replace("clocks_setting", "clock_setting") if "display" in name
                            else name)  # fmt: skip
        told = told or bit is not None
        bits |= bit if bit and value == "Active" else 0
    return [f"nvmlDeviceGetCurrentClocksThrottleReasons = {bits}"] if told else []


def slices(index: int, facts: Facts) -> list[str]:
    lines = []
    places = sorted({m[1] for p in facts if (m := re.match(r"(mig_devices/mig_device#\d+)/", p))})
    for place in places:
        part = {p.removeprefix(f"{place}/"): v for p, v in facts.items() if p.startswith(place)}
        subject = f"{index}/{part['index']}"
        total, free = size(part["fb_memory_usage/total"]), size(part["fb_memory_usage/free"])
        shared = "device_attributes/shared/multiprocessor_count"
        lines += [
            f"{subject} nvmlDeviceGetUUID = MIG-{index}-{part['index']}",
            f"{subject} nvmlDeviceGetMemoryInfo = {total} {free} {total - free}",
            f"{subject} nvmlDeviceGetGpuInstanceId = {part['gpu_instance_id']}",
            f"{subject} nvmlDeviceGetComputeInstanceId = {part['compute_instance_id']}",
            f"{subject} nvmlDeviceGetAttributes_v2 = {part[shared]} 1 1 {total // MIB}",
        ]
    return lines


def read(path: Path) -> tuple[Facts, list[Facts]]:
    """Read a capture of any of the three kinds; a deviceQuery beside it adds its facts."""
    text = path.read_text(errors="replace")
    if path.suffix == ".xml":
        return from_xml(text)
    if path.suffix == ".yaml":
        return from_yaml(text)
    system, devices = from_text(text)
    query = path.with_name(path.name.replace("nvidia-smi-q", "deviceQuery"))
    told = query.read_text() if query != path and query.is_file() else ""
    capability = re.findall(r"version number:\s+(\d+\.\d+)", told)
    bits = re.findall(r"Memory Bus Width:\s+(\d+)-bit", told)
    for facts, cc, bus in zip(devices, capability, bits, strict=False):
        facts |= {"cc": cc, "bus_bits": bus}
    return system, devices
