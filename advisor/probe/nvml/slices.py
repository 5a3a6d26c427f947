"""MIG slices of an NVIDIA device, each with memory and compute units of its own."""

from advisor.machine import Device, State
from advisor.probe.nvml import reading
from advisor.probe.nvml.told import Answers

MIB = 1 << 20


def devices(answers: Answers, subject: str, parent: Device) -> list[Device]:
    """Return the slices of the device that NVML counts as ``subject``."""
    if not parent.mig_enabled:
        return []
    return [_slice(answers, name, parent) for name in answers.slices(subject)]


def _slice(answers: Answers, subject: str, parent: Device) -> Device:
    facts = reading.device(answers, subject)
    attributes = "nvmlDeviceGetAttributes"
    size = answers.part(subject, attributes, "memorySizeMB")
    return Device(
        id=f"{parent.id}/mig:{subject.partition('/')[2]}",
        vendor=parent.vendor,
        name=facts.name or parent.name,
        state=parent.state if parent.state is State.BROKEN else facts.state,
        why=parent.why if parent.state is State.BROKEN else facts.why,
        remedy=parent.remedy if parent.state is State.BROKEN else facts.remedy,
        memory_bytes=facts.memory_bytes or (size * MIB if size else None),
        memory_free_bytes=facts.memory_free_bytes,
        memory_reserved_bytes=facts.memory_reserved_bytes,
        unified_memory=parent.unified_memory,
        pci_address=parent.pci_address,
        pci_id=parent.pci_id,
        uuid=facts.uuid,
        kernel_driver=parent.kernel_driver,
        numa_node=parent.numa_node,
        compute_capability=parent.compute_capability,
        compute_units=answers.part(subject, attributes, "multiprocessorCount"),
        clock_max_hz=parent.clock_max_hz,
        pcie_generation_max=parent.pcie_generation_max,
        pcie_width_max=parent.pcie_width_max,
        temperature_celsius=parent.temperature_celsius,
        throttle_reasons=parent.throttle_reasons,
        ecc_enabled=parent.ecc_enabled,
        mig_enabled=True,
        slice_place=_place(answers, subject),
    )


def _place(answers: Answers, subject: str) -> str | None:
    instance = answers.number(subject, "nvmlDeviceGetGpuInstanceId")
    compute = answers.number(subject, "nvmlDeviceGetComputeInstanceId")
    return None if instance is None or compute is None else f"{instance}/{compute}"
