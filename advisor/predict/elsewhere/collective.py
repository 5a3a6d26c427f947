"""What a training step on several devices pays to sum its gradients: a ring all-reduce."""

from advisor.predict.elsewhere.silicon import Figures, Silicon

# Bytes/s one way over 16 lanes by PCIe generation (PCI-SIG: 8, 16, 32, 64 GT/s; 128b/130b).
_PCIE = {3.0: 15.75e9, 4.0: 31.5e9, 5.0: 63e9, 6.0: 121e9}


def bus(device: Silicon, figures: Figures) -> float:
    """Return the all-reduce bus bandwidth between devices (bytes/s), measured or by their link."""
    if device.reduced:
        return float(device.reduced.value)
    if device.link:
        return device.link / 2 * figures["allreduce.link"]
    return _PCIE.get(device.pcie or 3.0, _PCIE[3.0]) * figures["allreduce.pcie"]


def exposed(device: Silicon, count: int, gradients: float, step: float, figures: Figures) -> float:
    """Return seconds a step waits for the sum of ``gradients`` bytes over ``count`` devices.

    The sum runs beside the backward pass (two thirds of the step), from which it takes a share.
    """
    if count < 2:
        return 0.0
    seconds = 2 * (count - 1) / count * gradients / bus(device, figures)
    return max(figures["allreduce.exposed"] * seconds, seconds - step * 2 / 3)
