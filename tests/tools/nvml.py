"""Builds the stand-in for NVML with the system's compiler, and makes NVML tell from it."""

import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from advisor.probe.nvml.conversation import CHILD, Patience, talk
from advisor.probe.nvml.told import Answers

SOURCE = Path(__file__).with_name("nvml_stub.c")


@functools.cache
def library() -> Path:
    """Return the folder of a freshly built libnvidia-ml.so.1; skip where nothing can build it."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("no C compiler here to build the stand-in for NVML with")
    folder = Path(tempfile.mkdtemp(prefix="nvml-stub-"))
    target = folder / "libnvidia-ml.so.1"
    command = [compiler, "-shared", "-fPIC", "-O1", "-pthread", "-o", str(target), str(SOURCE)]
    built = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert built.returncode == 0, built.stderr
    return folder


def told(
    answers: str, folder: Path, patience: Patience | None = None, said: list[str] | None = None
) -> Answers:
    """Let the real pynvml, in the real child process, ask a library that answers so."""
    script = folder / "answers.txt"
    script.write_text(answers)
    command = (
        "env", f"LD_LIBRARY_PATH={library()}", f"NVML_STUB_ANSWERS={script}", *CHILD
    )  # fmt: skip
    return talk(patience or Patience(), command, (said if said is not None else []).append)


def devices(count: int, *lines: str, driver: str = "550.54.14") -> str:
    """Return the answers of so many plain devices, and further lines."""
    text = [
        f"- nvmlSystemGetDriverVersion = {driver}",
        "- nvmlSystemGetNVMLVersion = 12.550.54.14",
        "- nvmlSystemGetCudaDriverVersion_v2 = 12040",
        f"- nvmlDeviceGetCount_v2 = {count}",
    ]
    for n in range(count):
        text += [
            f"{n} nvmlDeviceGetName = NVIDIA L4",
            f"{n} nvmlDeviceGetUUID = GPU-{n:08d}-0000-0000-0000-000000000000",
            f"{n} nvmlDeviceGetPciInfo_v3 = 00000000:{n + 1:02X}:00.0 0x27B810DE 0x16CA10DE",
            f"{n} nvmlDeviceGetMemoryInfo_v2 = 24152899584 473956352 23678943232 0",
            f"{n} nvmlDeviceGetCudaComputeCapability = 8 9",
            f"{n} nvmlDeviceGetMigMode ! 3",
            f"{n} nvmlDeviceGetPersistenceMode = 1",
        ]
    return "\n".join([*text, *lines, ""])
