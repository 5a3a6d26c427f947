"""A catalogue part as the predictor sees it: sustained rates per dtype, bandwidth, cache, link.

The catalogue holds peaks at boost clock. A part with too few watts for its peak cannot hold that
clock: its sustained rate is peak × (watts / needed watts)^exponent, the need per architecture. Of
the watts, those that memory and board take at any clock are gone before.
"""

from collections.abc import Mapping

import msgspec

from advisor.errors import AdvisorError
from advisor.estimate import Basis
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
_NARROW = {"fp8", "int8", "fp4"}


# Architectures whose boards carry GDDR; of Blackwell, those without NVLink.
_GDDR = {"kepler", "maxwell", "pascal", "turing", "ampere", "ada", "blackwell"}


class Silicon(msgspec.Struct, frozen=True, kw_only=True):
    """One device's rates: FLOP/s by dtype, bytes/s, bytes; None where nothing is published.

    ``sustain`` is what the power limit leaves of the vector and of the matrix rate under full load,
    ``level`` what else is known to be missing from both; ``limited`` that less than all is left.
    ``reduced`` is the bus bandwidth of an all-reduce over it and others, where that was measured.
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
    level: tuple[float, float] = (1.0, 1.0)
    units: float | None = None
    clock: float | None = None
    cache: float = 0.0
    memory: float | None = None
    link: float | None = None
    pcie: float | None = None
    cores: int | None = None
    reduced: Basis | None = None

    @property
    def limited(self) -> bool:
        """Whether the matrix rate is below what the chip promises."""
        return self.sustain[1] * self.level[1] < 0.97

    @property
    def held(self) -> float:
        """The share of its clock that a part holds under a mixed load, lighter than either."""
        return max(self.sustain)

    @property
    def inline(self) -> bool:
        """Whether error correction takes its bits out of the same memory: GDDR in a data centre."""
        return self.grade == "datacenter" and self.architecture in _GDDR and not self.link

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
    rates = _narrow(part, figures) | _double(part) | part.peaks
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
        level=_level(part, figures),
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
    """CPUs: the sustained clock lies between base and boost, by class; wide vectors lower it.

    Where no boost is published, the usual one of its class stands for it.
    """
    if part.kind != "cpu" or not part.base:
        return 1.0
    usual = figures.get(f"cpu.boost.{part.grade}", figures["cpu.boost"])
    boost = part.boost / part.base if part.boost else usual
    kind = part.grade
    if part.power and part.power <= 35 and part.grade == "desktop":
        kind = "frugal"
    if _wide(part):
        kind = "wide"
    share = figures.get(f"cpu.turbo.{kind}", figures["cpu.turbo"])
    return float(boost**share)


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


# FLOP/s in fp64 for each in fp32, matrix units counted where fp64 has them; architecture papers.
_DOUBLE = {"gp100": 1 / 2, "volta": 1 / 2, "ga100": 1.0, "hopper": 1.0, "cdna1": 1 / 2,
           "cdna2": 2.0, "cdna3": 1.0, "pascal": 1 / 32, "maxwell": 1 / 32, "turing": 1 / 32,
           "tu11x": 1 / 32, "ampere": 1 / 64, "ada": 1 / 64, "x86-64": 1 / 2,
           "aarch64": 1 / 2}  # fmt: skip


def _double(part: Part) -> dict[str, float]:
    share = _DOUBLE.get(part.architecture or "")
    return {"fp64": part.peaks.get("fp32", 0.0) * share} if share else {}


def _sustain(part: Part, vector: float, figures: Figures) -> tuple[float, float]:
    """Return what the power limit leaves of the vector rate and of the matrix rate."""
    if part.kind == "cpu":
        return (1.0, 1.0)
    name = part.architecture or ""
    exponent = figures["power.exponent"]
    watts = part.power or float("inf")
    core = max(watts - figures["power.board"], 0.2 * watts)
    vectors = _left(core, vector, figures.get(f"power.{name}.vector"), exponent)
    # Half-rate GeForce tensor cores need no more power than full-rate ones at half the clock.
    half = part.peaks.get("fp16", 0.0)
    full = part.peaks.get("fp16_acc16") or half
    return (vectors, _left(watts, min(full, half), _need(part, figures), exponent))


def _need(part: Part, figures: Figures) -> float | None:
    """Return the fitted watts for a TFLOP/s of the matrix units, where there are any.

    One name covers two chips: of Blackwell, the one with NVLink is made for other limits.
    """
    if part.architecture == "blackwell" and part.link:
        return None
    return figures.get(f"power.{part.architecture}.matrix")


def _level(part: Part, figures: Figures) -> tuple[float, float]:
    """Return the shares of the rates that are there before power is asked for.

    Where no need for power was fitted, the published best share of the matrix peak stands for it.
    """
    if part.kind == "cpu":
        return (1.0, 1.0)
    vectors = figures.get(f"level.{part.architecture}", 1.0)
    if _need(part, figures) is not None:
        return (vectors, 1.0)
    usual = figures.get(f"attained.{part.architecture}", figures["attained"])
    best = part.attained.get("bf16") or usual
    return (vectors, min(1.0, best / figures["attained"]))


def _left(watts: float, rate: float, need: float | None, exponent: float) -> float:
    if not need or not rate:
        return 1.0
    return float(min(1.0, (watts / (rate / 1e12 * need)) ** exponent))


def as_run(device: Silicon, dtype: str) -> str:
    """Return the dtype that values are kept in: 8 and 4 bits where the device computes in them."""
    used = rate(device, dtype)[1]
    return used if dtype in _NARROW else dtype


def rate(device: Silicon, dtype: str) -> tuple[float, str]:
    """Return the sustained matmul rate (FLOP/s) and the dtype that it is really computed in.

    Raises:
        AdvisorError: it is fp64, of which nothing is known for this device.
    """
    if dtype == "fp64" and dtype not in device.rates:
        raise AdvisorError(f"predict {device.name!r} in fp64", "its fp64 rate is not published")
    # Autocast computes in fp16 on a GPU, in bf16 on a CPU.
    mixed = "bf16" if device.host else "fp16"
    for name in (dtype, *_INSTEAD.get(dtype, ("fp16", "fp32"))):
        found = device.rates.get(mixed if name == "amp" else name)
        # A half-precision rate below the fp32 rate (Pascal: 1/64) is not what cuBLAS uses.
        if found and not (name in {"fp16", "amp"} and found < device.rates.get("fp32", 0.0)):
            return found * device.level[_matrix(device, name)] * left(device, name), name
    return device.vector * device.level[0] * device.sustain[0], "fp32"


def left(device: Silicon, used: str) -> float:
    """Return what power leaves of the rate in the dtype that is computed in, under full load."""
    return device.sustain[_matrix(device, used)]


def _matrix(device: Silicon, used: str) -> bool:
    return device.kind == "gpu" and (used in _TENSOR or used == "amp")
