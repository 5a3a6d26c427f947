"""What NVML's error codes mean for a device: its state, why, and what to do about it."""

import msgspec

from advisor.machine import State


class Fault(msgspec.Struct, frozen=True):
    """Why a device cannot be used, and what helps."""

    why: str
    remedy: str
    state: State = State.BROKEN


NOT_SUPPORTED, NO_PERMISSION, DRIVER_NOT_LOADED, LIBRARY_NOT_FOUND = 3, 4, 9, 12

# nvmlReturn_t, NVML API Reference, "Device Enums" and "Return values".
_FAULTS = {
    NO_PERMISSION: Fault(
        "NVML may not open it (no permission)",
        "allow /dev/nvidia* in the container or the device cgroup, or join the group that owns it",
        State.HIDDEN,
    ),
    8: Fault(
        "its external power is not plugged in (NVML)", "connect the power cables and reboot"
    ),
    DRIVER_NOT_LOADED: Fault(
        "the NVIDIA kernel driver is not loaded",
        "load it with: sudo modprobe nvidia; else install the driver, and check Secure Boot",
    ),
    10: Fault("NVML gave up waiting for the driver", "read dmesg for NVRM and Xid lines; reboot"),
    11: Fault("the kernel delivers none of its interrupts (NVML)", "read dmesg; update the BIOS"),
    LIBRARY_NOT_FOUND: Fault(
        "libnvidia-ml.so.1 is not installed",
        "install the driver's user-space part; in a container let the NVIDIA Container Toolkit "
        "bring it in (NVIDIA_DRIVER_CAPABILITIES=compute,utility)",
    ),
    14: Fault("its infoROM is corrupted (NVML)", "update the driver; else return the board"),
    15: Fault(
        "the GPU is lost: it fell off the bus or stopped answering (NVML)",
        "read dmesg for Xid 79; check power and seating; reboot",
    ),
    16: Fault("it must be reset before use (NVML)", "sudo nvidia-smi --gpu-reset -i its PCI id"),
    17: Fault("the operating system blocks the driver (NVML)", "check dmesg, cgroups and SELinux"),
    18: Fault(
        "the NVIDIA library and the loaded kernel driver have different versions",
        "reboot, or unload and reload the nvidia modules; restart a container that mounts old ones",
    ),
    20: Fault("NVML found no memory to work with", "free host memory and try again"),
    29: Fault("it is in a state that NVML cannot work with", "sudo nvidia-smi --gpu-reset; reboot"),
}  # fmt: skip


def fault(code: int, call: str) -> Fault:
    """Explain the failure of a call without which a device cannot be used."""
    known = _FAULTS.get(code)
    return known or Fault(
        f"{call} failed with NVML error {code}", "read dmesg for NVRM and Xid lines; try nvidia-smi"
    )


def silent(call: str) -> Fault:
    """Explain a call that never came back."""
    return Fault(
        f"the driver did not answer {call} in time",
        "read dmesg for NVRM and Xid lines; processes stuck in state D need a reboot",
    )
