"""Facts that were timed here: a name ends in the dtype where there is one."""

from collections.abc import Iterable, Mapping

from advisor.estimate import Interval
from advisor.fact import Declaration, Fact, Origin, Status
from advisor.machine import Gap
from advisor.measurement import Measurement, Quality
from advisor.vocabulary.row import fact

DTYPES = ("fp32", "tf32", "bf16", "fp16", "fp8", "int8", "fp64")

# measurement name -> (fact's last word, unit, meaning)
_HEADLINES = {
    "memory.copy": ("memory_copy", "bytes/s", "bytes read and written by a large copy"),
    "memory.triad": ("memory_triad", "bytes/s", "bytes of a = b + s·c on large arrays"),
    "host_link.h2d": ("host_to_device", "bytes/s", "pinned copy from host to device"),
    "host_link.h2d.pageable": (
        "host_to_device_pageable",
        "bytes/s",
        "copy to the device from memory that is not pinned",
    ),
    "host_link.d2h": ("device_to_host", "bytes/s", "pinned copy from device to host"),
    "launch.latency": ("launch_latency", "s", "time to launch an empty kernel"),
}
_TIMED = {"cpu": ("memory.copy", "memory.triad"), "gpu": tuple(_HEADLINES)}


def _declare(  # noqa: PLR0913, PLR0917 - one argument a column of the tables below
    subject: str, name: str, unit: str, meaning: str, command: str, family: str | None = None
) -> Declaration:
    return Declaration(
        name=name, unit=unit, meaning=meaning, origin=Origin.MEASURED,
        subject="machine" if subject == "cpu" else subject, settles=f"mlinfra bench {command}",
        family=family,
    )  # fmt: skip


def _matmul(subject: str) -> dict[tuple[str, str | None], Declaration]:
    return {
        ("matmul.peak", dtype): _declare(
            subject, f"{subject}.matmul_peak.{dtype}", "FLOP/s",
            f"best attained matmul rate in {dtype}", "matmul", f"{subject} peaks",
        )
        for dtype in DTYPES
    }  # fmt: skip


def _rest(subject: str) -> dict[tuple[str, str | None], Declaration]:
    return {
        (timed, None): _declare(
            subject, f"{subject}.{_HEADLINES[timed][0]}", *_HEADLINES[timed][1:],
            timed.partition(".")[0],
        )
        for timed in _TIMED[subject]
    }  # fmt: skip


CPU = _matmul("cpu") | _rest("cpu")
GPU = _matmul("gpu") | _rest("gpu")
GAINS = {
    (subject, dtype): Declaration(
        name=f"{subject}.{dtype}_gain", unit="1", origin=Origin.MEASURED,
        subject="machine" if subject == "cpu" else subject, settles="mlinfra bench matmul",
        meaning=f"matmul peak in {dtype} over the one in fp32",
    )
    for subject in ("cpu", "gpu")
    for dtype in DTYPES
    if dtype != "fp32"
}  # fmt: skip
PINNED = Declaration(
    name="gpu.pinned_gain", unit="1", origin=Origin.MEASURED, subject="gpu",
    settles="mlinfra bench host_link", meaning="copies from pinned over copies from usual memory",
)  # fmt: skip
DISK: dict[tuple[str, str | None], Declaration] = {
    ("disk.read", None): _declare(
        "disk", "disk.read", "bytes/s", "large direct reads of a file", "disk_read"
    )
}


def facts(
    table: dict[tuple[str, str | None], Declaration],
    device: str,
    measurements: Iterable[Measurement],
) -> dict[str, Fact]:
    """State the timed facts of a device; what was not timed, or is invalid, is unknown."""
    names = {device, f"link:{device}"}  # a device's link to its host is spoken of under the device
    here = {(m.name, m.dtype): m for m in measurements if m.device in names}
    return {d.name: _state(d, here.get(key)) for key, d in table.items()}


def gains(subject: str, stated: Mapping[str, Fact]) -> dict[str, Fact]:
    """State how much faster than fp32 each dtype is, and than usual memory pinned one is."""
    below = stated[f"{subject}.matmul_peak.fp32"]
    told = [
        _over(declaration, stated[f"{subject}.matmul_peak.{dtype}"], below)
        for (whose, dtype), declaration in GAINS.items()
        if whose == subject
    ]
    if subject == "gpu":
        usual = stated["gpu.host_to_device_pageable"]
        told.append(_over(PINNED, stated["gpu.host_to_device"], usual))
    return {f.name: f for f in told}


def _over(declaration: Declaration, above: Fact, below: Fact) -> Fact:
    unknown = next((f for f in (above, below) if f.status is not Status.KNOWN), None)
    if unknown:
        return fact(declaration, None, Gap(declaration.name, unknown.why, unknown.remedy))
    top, bottom = _interval(above), _interval(below)
    value = Interval(top.low / bottom.high, top.likely / bottom.likely, top.high / bottom.low, "1")
    return fact(declaration, value, None, f"{above.name} / {below.name}")


def _interval(stated: Fact) -> Interval:
    """Return a measured fact's number as an interval; rates are above zero."""
    assert isinstance(stated.value, float)  # noqa: S101 - tells the type checker what facts() made
    return Interval(stated.low or stated.value, stated.value, stated.high or stated.value, "")


def _state(declaration: Declaration, found: Measurement | None) -> Fact:
    command = declaration.settles or "mlinfra bench"
    if found is None:
        return fact(declaration, None, Gap(declaration.name, "not timed", command))
    if found.quality is Quality.INVALID:
        return fact(declaration, None, Gap(declaration.name, found.cause or "invalid", command))
    value = Interval(found.low, found.value, found.high, found.unit)
    return fact(declaration, value, None, f"{found.name} on {found.device}")
