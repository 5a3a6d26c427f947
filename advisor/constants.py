"""Constants of the predictor: what fits to published or own measurements gave, with their source.

They are data (``rules/constants/*.yaml``), one file a kind of device, and are passed to the
predictor; a number in the code that is not one of these is a definition.
"""

from collections.abc import Mapping

import msgspec


class ClassConstants(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How one class of ops behaves on a kind of device, against the device's own ceilings.

    ``compute`` and ``memory`` are the shares of the matmul peak and of the memory bandwidth that
    the class reaches, ``power`` the exponent p that joins both times, ``spread`` the standard
    deviation of ln(time) that is left between networks, ``backward`` the time of the backward pass
    in forward passes, ``measured_spread`` what is left of the spread where points of the class
    were measured on the device.
    """

    compute: float
    memory: float
    power: float
    spread: float
    backward: float
    measured_spread: float = 0.2


class ConstantSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All constants of one kind of device.

    ``classes`` are by op class, or by class and dtype (``conv.bf16``) where that differs;
    ``figures`` hold what belongs to no class (seconds, bytes, plain shares), by name.
    """

    constants: str
    title: str
    source: str
    taken: str
    classes: dict[str, ClassConstants] = {}
    figures: dict[str, float] = {}


Constants = Mapping[str, ConstantSet]
