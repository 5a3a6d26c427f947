"""A catalogue part as the predictor sees it: sustained rates per dtype, bandwidth, cache, link.

The catalogue holds peaks at boost clock. A part with too few watts for its peak cannot hold that
clock: its sustained rate is peak × (watts / needed watts)^exponent, the need per architecture.
"""

from collections.abc import Mapping

import msgspec

from advisor.errors import AdvisorError
from advisor.part import Part

Figures = Mapping[str, float]

# What torch computes in where the wanted dtype has no kernel, nearest first; llama.cpp dequantises.
_INSTEAD = {
    "fp32": (),
    "tf32": ("fp32",),
    "fp16": ("fp32",),
    "bf16": ("fp32",),
    "amp": ("fp16", "fp32"),
    "fp8": ("bf16", "fp16", "fp32"),
    "int8": ("fp32",),
    "F32": ("fp32",),
    "fp64": ("fp32",),
    "fp4": ("fp8", "bf16", "fp16", "fp32"),
}
# Matrix units take these; elsewhere torch computes bf16 in fp32.
# FLOP per clock of the vector lanes of one unit, multiply and add counted.
_LANES = 256.0
_TENSOR = {"tf32", "fp16", "bf16", "fp8", "int8"}


class Silicon(msgspec.Struct, frozen=True, kw_only=True):
    """One device's rates: FLOP/s by dtype, bytes/s, bytes; None where nothing is published.

    ``sustain`` is what the power limit leaves of the vector and of the matrix rate; ``limited``
    that it leaves less than all.
    """

    name: str
    kind: str
    vendor: str
    architecture: str
    grade: str
    rates: dict[str, float]
    vector: float
    bandwidth: float
    sustain: tuple[float, float] = (1.0, 1.0)
    units: float | None = None
    clock: float | None = None
    cache: float = 0.0
    memory: float | None = None
    link: float | None = None
    pcie: float | None = None
    cores: int | None = None

    @property
    def limited(self) -> bool:
        """Whether power, not the chip, sets the matrix rate."""
        return min(self.sustain) < 0.97

    @property
    def pace(self) -> float:
        """Units × clock; where they are not published, what the vector rate stands for."""
        if self.units and self.clock:
            return self.units * self.clock
        return self.vector / _LANES

    @property
    def host(self) -> bool:
        """Whether this is a CPU: nothing to launch, clocks between base and boost."""
        return self.kind == "cpu"


def silicon(part: Part, figures: Figures, count: int = 1) -> Silicon:
    """Return a part's rates; ``count`` sockets of a CPU act as one.

    Raises:
        AdvisorError: the catalogue has no compute rate or no bandwidth for it.
    """
    rates = _narrow(part, figures) | part.peaks
    vector = rates.get("fp32") or rates.get("fp16", 0.0) / 2 or rates.get("bf16", 0.0) / 16
    if not vector or not part.bandwidth:
        raise AdvisorError(
            f"predict {part.name!r}",
            "its compute rate or bandwidth is not published",
            remedy="add the figures in a part file of your own",
        )
    sockets = _sockets(part, count, figures)
    turbo = _turbo(part, figures) * sockets
    return Silicon(
        name=part.name,
        kind="cpu" if part.kind == "cpu" else "gpu",
        vendor=part.vendor,
        architecture=part.architecture or part.vendor.casefold(),
        grade=part.grade,
        rates={dtype: rate * turbo for dtype, rate in rates.items()},
        vector=vector * turbo,
        bandwidth=part.bandwidth * sockets,
        sustain=_sustain(part, vector, figures),
        units=float(part.units) if part.units else None,
        clock=part.boost,
        cache=part.cache or 0.0,
        memory=part.memory,
        link=part.link,
        pcie=part.pcie,
        cores=part.cores * count if part.cores else None,
    )


def _sockets(part: Part, count: int, figures: Figures) -> float:
    if part.kind != "cpu" or count == 1:
        return 1.0
    return float(count ** figures["cpu.sockets"])


def _turbo(part: Part, figures: Figures) -> float:
    """CPUs: the sustained clock lies between base and boost, by class; wide vectors lower it."""
    if part.kind != "cpu" or not part.base or not part.boost:
        return 1.0
    kind = part.grade
    if part.power and part.power <= 35 and part.grade == "desktop":
        kind = "frugal"
    if _wide(part):
        kind = "wide"
    share = figures.get(f"cpu.turbo.{kind}", figures["cpu.turbo"])
    return float((part.boost / part.base) ** share)


def _wide(part: Part) -> bool:
    """Whether this is a server with two 512-bit units a core: 64 FLOP a clock and core."""
    flops = part.peaks.get("fp32", 0.0) / ((part.cores or 1) * (part.base or 1.0))
    return part.grade in {"server", "workstation"} and flops > 60 and part.vendor == "Intel"


def _narrow(part: Part, figures: Figures) -> dict[str, float]:
    """CPUs: rates of int8 and bf16 by the instructions that are there."""
    if part.kind != "cpu":
        return {}
    isa, vector = set(part.isa), part.peaks.get("fp32", 0.0)
    vnni = isa & {"avx512_vnni", "avx_vnni", "asimddp", "i8mm"}
    which = "cpu.int8.amx" if "amx_int8" in isa else "cpu.int8.vnni" if vnni else "cpu.int8"
    found = {"int8": vector * figures[which]}
    if isa & {"amx_bf16", "avx512_bf16", "bf16"}:
        found["bf16"] = vector * figures["cpu.bf16.amx" if "amx_bf16" in isa else "cpu.bf16"]
    return found


def _sustain(part: Part, vector: float, figures: Figures) -> tuple[float, float]:
    """Return what the power limit leaves of the vector rate and of the matrix rate.

    Where no need for power was fitted, the published best share of the matrix peak stands for it.
    """
    if part.kind == "cpu":
        return (1.0, 1.0)
    name = part.architecture or ""
    exponent = figures["power.exponent"]
    watts = part.power or float("inf")
    vectors = _left(watts, vector, figures.get(f"power.{name}.vector"), exponent)
    # One name covers two chips: of Blackwell, the one with NVLink is made for other limits.
    need = None if name == "blackwell" and part.link else figures.get(f"power.{name}.matrix")
    if need is None:
        best = part.attained.get("bf16") or figures.get(f"attained.{name}", figures["attained"])
        return (vectors, min(1.0, best / figures["attained"]))
    # Half-rate GeForce tensor cores need no more power than full-rate ones at half the clock.
    half = part.peaks.get("fp16", 0.0)
    full = part.peaks.get("fp16_acc16") or half
    return (vectors, _left(watts, min(full, half), need, exponent))


def _left(watts: float, rate: float, need: float | None, exponent: float) -> float:
    if not need or not rate:
        return 1.0
    return float(min(1.0, (watts / (rate / 1e12 * need)) ** exponent))


def rate(device: Silicon, dtype: str) -> tuple[float, str]:
    """Return the sustained matmul rate (FLOP/s) and the dtype that it is really computed in."""
    for name in (dtype, *_INSTEAD.get(dtype, ("fp16", "fp32"))):
        found = device.rates.get("fp16" if name == "amp" else name)
        # A half-precision rate below the fp32 rate (Pascal: 1/64) is not what cuBLAS uses.
        if found and not (name in {"fp16", "amp"} and found < device.rates.get("fp32", 0.0)):
            matrix = name in _TENSOR or name == "amp"
            left = device.sustain[1] if matrix and device.kind == "gpu" else device.sustain[0]
            return found * left, name
    return device.vector * device.sustain[0], "fp32"
