"""NVML's answers about one device, as a device of ours."""

from msgspec.structs import replace

from advisor.machine import Device, State
from advisor.probe import pci
from advisor.probe.nvml.faults import NOT_SUPPORTED, Fault, fault, silent
from advisor.probe.nvml.told import SECONDS, WAKE, Answers

MEMORY = ("nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetMemoryInfo")
# nvml.h, NVML_CLOCKS_EVENT_REASON_*; bit 0, idle, slows nothing down that runs.
_THROTTLES = {
    0x2: "applications_clocks", 0x4: "sw_power_cap", 0x8: "hw_slowdown", 0x10: "sync_boost",
    0x20: "sw_thermal", 0x40: "hw_thermal", 0x80: "hw_power_brake", 0x100: "display_clocks",
}  # fmt: skip
# nvml.h, nvmlComputeMode_t and nvmlGpuVirtualizationMode_t.
_MODES = {0: "default", 1: "exclusive_thread", 2: "prohibited", 3: "exclusive_process"}
_VIRTUAL = {0: "none", 1: "passthrough", 2: "vgpu", 3: "host_vgpu", 4: "host_vsga"}
# Chips that share the host's memory; NVML has no call that says so. NVIDIA's DGX Spark guide has
# nvidia-smi's "Memory-Usage: Not Supported" for GB10; N1X tells of a small carve-out instead.
_UNIFIED = {"GB10", "N1X", "N1", "NVGPU", "ORIN", "XAVIER", "THOR", "TEGRA"}
_ABSENT = 0xFFFFFFFF
MHZ, MILLIWATT = 1e6, 1e-3


def device(answers: Answers, subject: str) -> Device:
    """Return all that NVML told of a device; its id is NVML's index."""
    memory = [answers.part(subject, call, "total") for call in MEMORY]
    state, trouble = condition(answers, subject)
    facts = Device(
        id=subject,
        vendor="NVIDIA",
        name=answers.text(subject, "nvmlDeviceGetName"),
        state=state,
        why=trouble.why if trouble else None,
        remedy=trouble.remedy if trouble else None,
        uuid=answers.text(subject, "nvmlDeviceGetUUID"),
        memory_bytes=next((size for size in memory if size), None),
        memory_free_bytes=_memory(answers, subject, "free"),
        memory_reserved_bytes=answers.part(subject, MEMORY[0], "reserved"),
        compute_capability=_capability(answers, subject),
        utilization=_share(answers.part(subject, "nvmlDeviceGetUtilizationRates", "gpu")),
        mig_enabled=_first(answers, subject, "nvmlDeviceGetMigMode"),
        compute_mode=_word(_MODES, answers.number(subject, "nvmlDeviceGetComputeMode")),
        virtualization=_word(_VIRTUAL, answers.number(subject, "nvmlDeviceGetVirtualizationMode")),
        wake_seconds=_seconds(answers, subject),
        persistence_mode=_flag(answers, subject, "nvmlDeviceGetPersistenceMode"),
        unified_memory=unified(answers, subject),
    )
    return _identity(_speeds(_health(facts, answers), answers), answers)


def condition(answers: Answers, subject: str) -> tuple[State, Fault | None]:
    """Return a device's state as NVML's answers show it, and the trouble if there is one."""
    code = answers.error(subject, WAKE)
    if code is not None:
        found = fault(code, WAKE)
        return found.state, found
    if subject in answers.waiting:
        return _waiting(answers, subject)
    if 15 in answers.errors.get(subject, {}).values():  # lost while it was asked
        return State.BROKEN, fault(15, WAKE)
    sick = _sick(answers, subject)
    return (State.BROKEN, sick) if sick else (State.PRESENT, None)


def _waiting(answers: Answers, subject: str) -> tuple[State, Fault]:
    if answers.ended == "time":
        return State.PRESENT, Fault(
            "time was over while the driver was still answering",
            "enable persistence mode (sudo nvidia-smi -pm 1), or allow more with --timeout",
        )
    if answers.ended == "silent":
        return State.BROKEN, silent(answers.waiting[subject])
    return State.UNKNOWN, Fault("the process that asks NVML ended early", "run nvidia-smi")


def _sick(answers: Answers, subject: str) -> Fault | None:
    """Return the hardware trouble with which a device should not be trusted with work."""
    rows = answers.items(subject, "nvmlDeviceGetRemappedRows") or []
    if len(rows) == 4 and rows[3]:
        return Fault("a failed memory row could not be remapped", "return the board (RMA)")
    if errors := answers.number(subject, "nvmlDeviceGetTotalEccErrors(1, 0)"):
        return Fault(
            f"{errors} uncorrected ECC memory errors since the driver was loaded",
            "reset the GPU (sudo nvidia-smi --gpu-reset) or reboot; if they return, replace it",
        )
    # NVML_GPU_RECOVERY_ACTION_*: 1 and 2 ask for a reset and a reboot, 3 and 4 for draining first.
    if (action := answers.number(subject, "nvmlDeviceGetFieldValues(230)")) in {1, 2, 4}:
        what = "rebooting the host" if action == 2 else "resetting the GPU"
        return Fault(f"the driver asks for {what}", "drain the node, then do as it asks")
    # NVML_GPU_FABRIC_STATE_*: without Fabric Manager CUDA does not start on NVSwitch machines.
    if answers.part(subject, "nvmlDeviceGetGpuFabricInfo", "state") in {1, 2}:
        return Fault(
            "it has not joined its NVLink fabric, without which CUDA does not start",
            "start the service: sudo systemctl start nvidia-fabricmanager (same version as driver)",
        )
    return None


def unified(answers: Answers, subject: str) -> bool | None:
    """Return whether the device works in the host's memory."""
    name = answers.text(subject, "nvmlDeviceGetName") or ""
    if _UNIFIED & {word.strip("()").upper() for word in name.split()}:
        return True
    codes = [answers.error(subject, call) for call in MEMORY]
    if all(code == NOT_SUPPORTED for code in codes) and "/" not in subject:
        return True
    return None if not any(answers.value(subject, call) for call in MEMORY) else False


def _identity(facts: Device, answers: Answers) -> Device:
    call = "nvmlDeviceGetPciInfo"
    value = answers.value(facts.id, call)
    if not isinstance(value, dict):
        return facts
    ids = answers.part(facts.id, call, "pciDeviceId")
    address = pci.short(str(value.get("busId") or ""))
    return replace(
        facts,
        pci_address=address if pci.ADDRESS.fullmatch(address) else None,
        # The device is in the upper half, the vendor in the lower.
        pci_id=f"{ids & 0xFFFF:04x}:{ids >> 16:04x}" if ids else None,
    )


def _health(facts: Device, answers: Answers) -> Device:
    subject = facts.id
    bits = answers.number(
        subject,
        "nvmlDeviceGetCurrentClocksEventReasons",
        "nvmlDeviceGetCurrentClocksThrottleReasons",
    )
    rows = answers.items(subject, "nvmlDeviceGetRemappedRows") or []
    pages = [answers.items(subject, f"nvmlDeviceGetRetiredPages({cause})") for cause in (0, 1)]
    known = [len(page) for page in pages if page is not None]
    used, count = _processes(answers, subject)
    whole = len(rows) == 4
    return replace(
        facts,
        throttle_reasons=None if bits is None else tuple(
            name for bit, name in _THROTTLES.items() if bits & bit
        ),
        temperature_celsius=answers.number(subject, "nvmlDeviceGetTemperature(0)"),
        temperature_slowdown_celsius=answers.number(
            subject, "nvmlDeviceGetTemperatureThreshold(1)"
        ),
        ecc_enabled=_first(answers, subject, "nvmlDeviceGetEccMode"),
        ecc_uncorrected=answers.number(subject, "nvmlDeviceGetTotalEccErrors(1, 0)"),
        ecc_uncorrected_lifetime=answers.number(subject, "nvmlDeviceGetTotalEccErrors(1, 1)"),
        rows_remapped=sum(row for row in rows[:2] if isinstance(row, int)) if whole else None,
        rows_pending=bool(rows[2]) if whole else None,
        rows_failed=bool(rows[3]) if whole else None,
        pages_retired=sum(known) if known else None,
        pages_pending=_flag(answers, subject, "nvmlDeviceGetRetiredPagesPendingStatus"),
        processes=count,
        processes_memory_bytes=used,
    )  # fmt: skip


def _speeds(facts: Device, answers: Answers) -> Device:
    def told(call: str, scale: float) -> float | None:
        value = answers.number(facts.id, call)
        return value * scale if value and value != _ABSENT else None

    def whole(call: str) -> int | None:
        value = answers.number(facts.id, call)
        return value if value and value != _ABSENT else None

    # Under NVLink-C2C the PCIe link carries no data (GH200 shows x1), so it would mislead.
    linked = answers.part(facts.id, "nvmlDeviceGetC2cModeInfoV", "isC2cEnabled") != 1
    return replace(
        facts,
        power_limit_watts=told("nvmlDeviceGetEnforcedPowerLimit", MILLIWATT)
        or told("nvmlDeviceGetPowerManagementLimit", MILLIWATT),
        power_default_watts=told("nvmlDeviceGetPowerManagementDefaultLimit", MILLIWATT),
        clock_hz=told("nvmlDeviceGetClockInfo(1)", MHZ),
        clock_max_hz=told("nvmlDeviceGetMaxClockInfo(1)", MHZ),
        memory_clock_hz=told("nvmlDeviceGetMaxClockInfo(2)", MHZ),
        memory_bus_bits=whole("nvmlDeviceGetMemoryBusWidth"),
        pcie_generation=whole("nvmlDeviceGetCurrPcieLinkGeneration") if linked else None,
        pcie_generation_max=whole("nvmlDeviceGetMaxPcieLinkGeneration") if linked else None,
        pcie_generation_device=whole("nvmlDeviceGetGpuMaxPcieLinkGeneration") if linked else None,
        pcie_width=whole("nvmlDeviceGetCurrPcieLinkWidth") if linked else None,
        pcie_width_max=whole("nvmlDeviceGetMaxPcieLinkWidth") if linked else None,
    )


def _processes(answers: Answers, subject: str) -> tuple[int | None, int | None]:
    """Return the memory and the number of the processes on a device, counted once by PID."""
    calls = ("nvmlDeviceGetComputeRunningProcesses", "nvmlDeviceGetGraphicsRunningProcesses")
    lists = [found for call in calls if (found := answers.items(subject, call)) is not None]
    if not lists:
        return None, None
    by_pid = {p.get("pid"): p.get("usedGpuMemory") for found in lists for p in found
              if isinstance(p, dict)}  # fmt: skip
    sizes = [size for size in by_pid.values() if isinstance(size, int)]
    return (sum(sizes) if len(sizes) == len(by_pid) else None), len(by_pid)


def _memory(answers: Answers, subject: str, field: str) -> int | None:
    return next((n for c in MEMORY if (n := answers.part(subject, c, field)) is not None), None)


def _capability(answers: Answers, subject: str) -> str | None:
    parts = answers.items(subject, "nvmlDeviceGetCudaComputeCapability") or []
    return ".".join(str(part) for part in parts) if len(parts) == 2 else None


def _seconds(answers: Answers, subject: str) -> float | None:
    value = answers.value(subject, SECONDS)
    return value if isinstance(value, float) else None


def _word(table: dict[int, str], value: int | None) -> str | None:
    return None if value is None else table.get(value)


def _flag(answers: Answers, subject: str, call: str) -> bool | None:
    value = answers.number(subject, call)
    return None if value is None else value == 1


def _first(answers: Answers, subject: str, call: str) -> bool | None:
    values = answers.items(subject, call)
    return None if not values else values[0] == 1


def _share(percent: int | None) -> float | None:
    return None if percent is None else percent / 100
