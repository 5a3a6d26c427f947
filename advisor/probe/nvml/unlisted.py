"""NVIDIA cards that PCI shows and NVML does not: why not, and what helps."""

from advisor.machine import Device, State
from advisor.probe import pci
from advisor.probe.nvml.evidence import CONTROL, contained
from advisor.probe.nvml.faults import DRIVER_NOT_LOADED, LIBRARY_NOT_FOUND, Fault, fault, silent
from advisor.probe.nvml.told import INIT, Answers
from advisor.probe.source import Source

_FOREIGN = {
    "vfio-pci": Fault(
        "it is set aside for a virtual machine (vfio-pci)", "use it there", State.HIDDEN
    ),
    "nouveau": Fault(
        "the nouveau driver has it, which cannot run CUDA",
        "install the NVIDIA driver and keep nouveau from loading",
    ),
}
_NO_DRIVER = Fault(
    "no driver is bound to it", "install the NVIDIA driver; check Secure Boot and dmesg"
)
_NOT_GIVEN = Fault(
    "this container was not given it",
    "start the container with it (docker run --gpus all; resource nvidia.com/gpu)",
    State.HIDDEN,
)
_LEFT_OUT = Fault(
    "its driver is bound, but NVML does not list it: it failed to start",
    "read dmesg for NVRM and Xid lines; reboot",
)
_CAPTURED = Fault(
    "a captured tree cannot tell whether its driver serves it", "probe the machine itself",
    State.UNKNOWN,
)  # fmt: skip


def trouble(answers: Answers | None) -> Fault | None:
    """Return why NVML could tell of no device at all; None where it could."""
    if answers is None or answers.ended == "none":
        return Fault("NVML could not be asked", "run nvidia-smi", State.UNKNOWN)
    if answers.error("-", "import pynvml") is not None:
        return Fault("nvidia-ml-py cannot be imported", "pip install nvidia-ml-py", State.UNKNOWN)
    for call in (INIT, "nvmlDeviceGetCount"):
        if (code := answers.error("-", call)) is not None:
            return fault(code, call)
    if "-" in answers.waiting:
        return silent(answers.waiting["-"])
    if answers.number("-", "nvmlDeviceGetCount") is None:
        return Fault("the process that asks NVML ended early", "run nvidia-smi", State.UNKNOWN)
    return None


def explain(
    source: Source, card: pci.Function, answers: Answers | None, *, listed: bool
) -> Fault | None:
    """Return why a card is not among NVML's; None if it seems well.

    ``listed`` says that the kernel driver has it. Without answers (a captured tree) the driver's
    word must do.
    """
    if card.driver in _FOREIGN:
        return _FOREIGN[card.driver]
    if answers is None:
        served = listed or card.driver == "nvidia"
        return None if served else _CAPTURED
    wrong = trouble(answers)
    if card.driver == "nvidia" and contained(source) and not source.exists(CONTROL):
        return _NOT_GIVEN
    if card.driver is None and not listed:
        return _NO_DRIVER
    if wrong:
        return wrong
    return _NOT_GIVEN if contained(source) else _LEFT_OUT


def quiet(answers: Answers | None) -> bool:
    """Whether NVML only says that there is nothing here to talk to."""
    codes = {LIBRARY_NOT_FOUND, DRIVER_NOT_LOADED}
    return answers is None or answers.error("-", INIT) in codes


def device(card: pci.Function, name: str | None, found: Fault | None) -> Device:
    """Return a card as PCI and the kernel driver show it."""
    return Device(
        id=card.address,
        vendor="NVIDIA",
        name=name,
        state=found.state if found else State.PRESENT,
        why=found.why if found else None,
        remedy=found.remedy if found else None,
        pci_address=card.address,
        pci_id=card.id,
    )
