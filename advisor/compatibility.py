"""Which driver runs which CUDA, and which build of torch suits a driver and a GPU.

The tables are data (``rules/compatibility/*.yaml``) with their sources and date. Versions are as
their makers print them; a capability is CUDA's, ``8.9``.
"""

import re
from collections.abc import Iterable

import msgspec

_CODE = re.compile(r"(sm|compute)_(\d{1,2})(\d)([af]?)")


class Drivers(msgspec.Struct, frozen=True, kw_only=True):
    """The oldest driver on Linux, and on Windows (which is WSL's too) where one is named."""

    linux: str
    windows: str | None = None


class Build(msgspec.Struct, frozen=True, kw_only=True):
    """One published build of torch; what it holds code for, by processor, where that is known."""

    torch: str
    cuda: str
    cudnn: str
    x86_64: str = ""
    aarch64: str = ""

    def code(self, processor: str | None) -> list[str]:
        """Return the code inside as the compiler names it; none where it is not known."""
        listed = {"x86_64": self.x86_64, "aarch64": self.aarch64}.get(processor or "", "").split()
        return [
            f"{kind}_{word.removesuffix('+PTX').replace('.', '')}"
            for word in listed
            for kind in (("sm", "compute") if word.endswith("+PTX") else ("sm",))
        ]


class Compatibility(msgspec.Struct, frozen=True, kw_only=True):
    """The tables: by CUDA's major version, by toolkit, and torch's builds, newest first."""

    compatibility: str = ""
    title: str = ""
    taken: str = ""
    sources: dict[str, str] = {}
    families: dict[str, Drivers] = {}
    toolkits: dict[str, Drivers] = {}
    torch: tuple[Build, ...] = ()

    def driver_needed(self, cuda: str | None, *, windows: bool = False) -> str | None:
        """Return the oldest driver for programs of a CUDA; None where the tables end."""
        number = version(cuda)
        if number is None or len(number) < 2:
            return None
        minor = f"{number[0]}.{number[1]}"
        found = self.families.get(str(number[0])) or self.toolkits.get(minor)
        return (found.windows if windows else found.linux) if found else None

    def cuda_of(self, driver: str | None) -> str | None:
        """Return the newest CUDA of a driver's branch; None for one that the table does not name.

        A branch is named by its first number; one between two in the table runs the older's CUDA.
        """
        number = version(driver)
        branches = {int(d.linux.partition(".")[0]): cuda for cuda, d in self.toolkits.items()}
        if number is None or not branches or not min(branches) <= number[0] <= max(branches):
            return None
        return branches[max(branch for branch in branches if branch <= number[0])]

    def cudnn_needed(self, torch: str | None, cuda: str | None) -> str | None:
        """Return the oldest cuDNN that a build of torch loads; it was compiled against that."""
        release = _minor((torch or "").partition("+")[0])
        found = (b for b in self.torch if _minor(b.torch) == release and b.cuda == cuda)
        return next((build.cudnn for build in found), None)

    def build_for(
        self, driver: str | None, capability: str | None, processor: str | None, *, windows: bool
    ) -> str | None:
        """Name the newest build of torch that a driver runs and that holds code for a GPU."""
        have = version(driver)
        for build in self.torch:
            needed = version(self.driver_needed(build.cuda, windows=windows))
            if have and needed and have >= needed and runs(build.code(processor), capability):
                return f"torch {build.torch} for CUDA {build.cuda}"
        return None


def version(text: str | None) -> tuple[int, ...] | None:
    """Read a dotted version into numbers."""
    if text is None or not re.fullmatch(r"\d{1,6}(?:\.\d{1,6}){0,3}", text, re.ASCII):
        return None
    return tuple(int(part) for part in text.split("."))


def _minor(text: str) -> tuple[int, ...] | None:
    return (version(text) or ())[:2] or None


def runs(code: Iterable[str], capability: str | None) -> bool | None:
    """Whether a GPU of a compute capability runs any of this code.

    CUDA C++ Programming Guide, binary and PTX compatibility: ``sm_80`` runs on 8.x from 8.0 on,
    ``sm_90a`` on 9.0 only, ``sm_100f`` on its family (taken as its major version), and
    ``compute_80``, which the driver compiles, on everything newer.
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
