"""Which driver runs which CUDA, and which GPU runs which code.

Sources: NVIDIA's CUDA Toolkit Release Notes, its two tables of toolkit and driver versions; the
CUDA Compatibility guide; the CUDA C++ Programming Guide on binary and PTX compatibility. Date of
the tables: 2026-11, written from memory of them and not yet checked against them line by line.
"""

import re
from collections.abc import Iterable

# CUDA -> oldest driver that runs programs built with it (Linux; Windows and WSL). From CUDA 11 on
# one driver runs every minor version of its major one.
_OLDEST = {
    (8, 0): ("375.26", "376.51"), (9, 0): ("384.81", "385.54"), (9, 1): ("390.46", "391.29"),
    (9, 2): ("396.26", "397.44"), (10, 0): ("410.48", "411.31"), (10, 1): ("418.39", "418.96"),
    (10, 2): ("440.33", "441.22"),
}  # fmt: skip
_OLDEST_OF_MAJOR = {
    11: ("450.80.02", "452.39"),
    12: ("525.60.13", "528.33"),
    13: ("580.65.06", "580.88"),
}
# Driver branch -> newest CUDA that came with it.
_NEWEST = {
    375: "8.0", 384: "9.0", 390: "9.1", 396: "9.2", 410: "10.0", 418: "10.1", 440: "10.2",
    450: "11.0", 455: "11.1", 460: "11.2", 465: "11.3", 470: "11.4", 495: "11.5", 510: "11.6",
    515: "11.7", 520: "11.8", 525: "12.0", 530: "12.1", 535: "12.2", 545: "12.3", 550: "12.4",
    555: "12.5", 560: "12.6", 565: "12.7", 570: "12.8", 575: "12.9", 580: "13.0", 590: "13.1",
    595: "13.2",
}  # fmt: skip
_CODE = re.compile(r"(sm|compute)_(\d{1,2})(\d)([af]?)")


def version(text: str | None) -> tuple[int, ...] | None:
    """Read a dotted version into numbers."""
    if text is None or not re.fullmatch(r"\d{1,6}(?:\.\d{1,6}){0,3}", text, re.ASCII):
        return None
    return tuple(int(part) for part in text.split("."))


def driver_needed(cuda: str | None, *, windows: bool = False) -> str | None:
    """Return the oldest driver for programs of a CUDA version; None where the table ends."""
    number = version(cuda)
    if number is None or len(number) < 2:
        return None
    found = _OLDEST_OF_MAJOR.get(number[0]) or _OLDEST.get((number[0], number[1]))
    return found[windows] if found else None


def cuda_of(driver: str | None) -> str | None:
    """Return the newest CUDA that a driver runs, by its branch; None for one not in the table."""
    number = version(driver)
    return _NEWEST.get(number[0]) if number else None


def runs(code: Iterable[str], capability: str | None) -> bool | None:
    """Whether a GPU of a compute capability runs any of this code.

    ``sm_80`` runs on 8.x from 8.0 on, ``sm_90a`` on 9.0 only, ``sm_100f`` on its family (taken as
    its major version), and ``compute_80``, which the driver compiles, on everything newer.
    """
    number = version(capability)
    if number is None or len(number) != 2:
        return None
    return any(_fits(part, number) for part in code)


def _fits(part: str, device: tuple[int, ...]) -> bool:
    match = _CODE.fullmatch(part)
    if match is None:
        return False
    built = (int(match[2]), int(match[3]))
    if match[4] == "a":
        return device == built
    if match[1] == "compute" and not match[4]:
        return device >= built
    return device[0] == built[0] and device >= built


def runs_gfx(code: Iterable[str], architecture: str | None) -> bool | None:
    """Whether an AMD GPU's architecture is among those that torch was built for."""
    return None if architecture is None else architecture in set(code)
