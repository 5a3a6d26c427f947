"""Asks NVML everything; each question is told before it is put, so that a silent one is known.

Run by its path in a process of its own: it imports nothing of the house, to start quickly.
Lines on stdout are JSON arrays: ``["ask", subject, call]``, then ``["got", subject, call, value]``
or ``["err", subject, call, code]``, at the end ``["done"]``. A subject is "-" (the system), "0" (a
device by NVML's index), "0/1" (a MIG slice) or "0-1" (a pair); a call is NVML's name with its
arguments, whose meanings are in NVML's API reference.
"""

import ctypes
import json
import os
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Any

Foreign = Any  # pynvml has no types

SYSTEM = (
    "nvmlSystemGetDriverVersion", "nvmlSystemGetNVMLVersion",
    "nvmlSystemGetCudaDriverVersion_v2", "nvmlDeviceGetCount",
)  # fmt: skip
# What tells a device apart comes first: should a later call hang, it is known whose it was.
DEVICE = (
    "nvmlDeviceGetPciInfo", "nvmlDeviceGetUUID", "nvmlDeviceGetName",
    "nvmlDeviceGetMemoryInfo_v2", "nvmlDeviceGetMemoryInfo", "nvmlDeviceGetMigMode",
    "nvmlDeviceGetCudaComputeCapability", "nvmlDeviceGetPersistenceMode",
    "nvmlDeviceGetComputeMode", "nvmlDeviceGetVirtualizationMode", "nvmlDeviceGetMinorNumber",
    "nvmlDeviceGetAddressingMode", "nvmlDeviceGetNumaNodeId", "nvmlDeviceGetC2cModeInfoV",
    "nvmlDeviceGetCurrPcieLinkGeneration", "nvmlDeviceGetMaxPcieLinkGeneration",
    "nvmlDeviceGetGpuMaxPcieLinkGeneration", "nvmlDeviceGetCurrPcieLinkWidth",
    "nvmlDeviceGetMaxPcieLinkWidth", "nvmlDeviceGetPowerManagementLimit",
    "nvmlDeviceGetPowerManagementDefaultLimit", "nvmlDeviceGetEnforcedPowerLimit",
    "nvmlDeviceGetMaxClockInfo(1)", "nvmlDeviceGetMaxClockInfo(2)",  # SM, memory
    "nvmlDeviceGetClockInfo(1)", "nvmlDeviceGetMemoryBusWidth", "nvmlDeviceGetNumGpuCores",
    "nvmlDeviceGetCurrentClocksEventReasons", "nvmlDeviceGetCurrentClocksThrottleReasons",
    "nvmlDeviceGetTemperature(0)", "nvmlDeviceGetTemperatureThreshold(1)",  # GPU; slowdown
    "nvmlDeviceGetEccMode", "nvmlDeviceGetTotalEccErrors(1, 0)",  # uncorrected, since driver load
    "nvmlDeviceGetTotalEccErrors(1, 1)", "nvmlDeviceGetRemappedRows",  # … over its lifetime
    "nvmlDeviceGetRetiredPages(0)", "nvmlDeviceGetRetiredPages(1)",
    "nvmlDeviceGetRetiredPagesPendingStatus", "nvmlDeviceGetFieldValues(230)",  # recovery action
    "nvmlDeviceGetGpuFabricInfo", "nvmlDeviceGetBAR1MemoryInfo", "nvmlDeviceGetUtilizationRates",
    "nvmlDeviceGetComputeRunningProcesses", "nvmlDeviceGetGraphicsRunningProcesses",
)  # fmt: skip
SLICE = (
    "nvmlDeviceGetUUID", "nvmlDeviceGetName", "nvmlDeviceGetMemoryInfo_v2",
    "nvmlDeviceGetMemoryInfo", "nvmlDeviceGetGpuInstanceId", "nvmlDeviceGetComputeInstanceId",
    "nvmlDeviceGetAttributes",
)  # fmt: skip
LINK = (
    "nvmlDeviceGetNvLinkVersion", "nvmlDeviceGetNvLinkRemoteDeviceType",
    "nvmlDeviceGetNvLinkRemotePciInfo",
)  # fmt: skip
PAIR = ("nvmlDeviceGetTopologyCommonAncestor", "nvmlDeviceGetP2PStatus")
LINKS = 18  # NVLink 4 and 5 give a GPU 18 links; a device answers INVALID_ARGUMENT past its own
SLICES = 8  # no GPU is cut into more than seven
DEVICES = 128
SECONDS = 60.0  # a child that outlives its parent ends by itself
FUNCTION_NOT_FOUND, UNKNOWN = 13, 999  # NVML_ERROR_*

_lock = threading.Lock()


def tell(*line: object) -> None:
    """Write one line whole; without a reader there is nothing left to do."""
    text = json.dumps(line) + "\n"
    try:
        with _lock:
            os.write(1, text.encode())
    except OSError:
        os._exit(1)


def plain(value: Foreign) -> Foreign:
    """Turn what pynvml returns (structures, bytes, tuples) into what JSON can hold."""
    if isinstance(value, ctypes.Structure):
        return {field[0]: plain(getattr(value, field[0])) for field in value._fields_}
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | tuple | ctypes.Array):
        return [plain(item) for item in value][:256]
    if value is None or isinstance(value, int | float | str):
        return value
    return {name: plain(item) for name, item in vars(value).items()}


class Asker:
    """Puts NVML's calls one by one and tells what came back."""

    def __init__(self, nvml: Foreign) -> None:
        """Take pynvml, or something with its functions."""
        self.nvml = nvml

    def ask(self, subject: str, call: str, *handles: Foreign) -> Foreign:
        """Return what a call answers; None, and the code told, where it fails."""
        return self.put(subject, call, lambda: plain(self.value(call, handles)))

    def put(
        self, subject: str, call: str, answer: Callable[[], Foreign], *, shown: bool = True
    ) -> Foreign:
        """Tell the question, and then the answer (``shown``) or the error's code."""
        tell("ask", subject, call)
        try:
            value = answer()
        except self.nvml.NVMLError as error:
            tell("err", subject, call, error.value)
        # An older pynvml; text that is no UTF-8; arguments that another version takes.
        except (AttributeError, ValueError, TypeError, ctypes.ArgumentError):
            tell("err", subject, call, FUNCTION_NOT_FOUND)
        else:
            tell("got", subject, call, value if shown else None)
            return value
        return None

    def value(self, call: str, handles: tuple[Foreign, ...]) -> Foreign:
        """Make one call, with the arguments that stand in its name."""
        name, _, rest = call.rstrip(")").partition("(")
        arguments = [int(word) for word in rest.split(",")] if rest else []
        if name == "nvmlDeviceGetMemoryInfo_v2":
            return self.nvml.nvmlDeviceGetMemoryInfo(*handles, version=self.nvml.nvmlMemory_v2)
        if name == "nvmlDeviceGetP2PStatus":
            arguments = [0]  # NVML_P2P_CAPS_INDEX_READ, which pynvml 13 defines as a tuple
        if name == "nvmlDeviceGetFieldValues":
            return self.field(handles[0], arguments[0])
        if name == "nvmlDeviceGetGpuFabricInfo":
            info = self.nvml.c_nvmlGpuFabricInfo_t()
            self.nvml.nvmlDeviceGetGpuFabricInfo(*handles, ctypes.byref(info))
            return info
        return getattr(self.nvml, name)(*handles, *arguments)

    def field(self, handle: Foreign, number: int) -> int:
        """Return one field of the generic call."""
        field = self.nvml.nvmlDeviceGetFieldValues(handle, [number])[0]
        if field.nvmlReturn:
            raise self.nvml.NVMLError(field.nvmlReturn)
        return int(field.value.uiVal)

    def device(self, index: int, handles: dict[int, Foreign]) -> None:
        """Wake one device and ask it everything."""
        subject, started = str(index), time.monotonic()
        get = self.nvml.nvmlDeviceGetHandleByIndex
        handle = self.put(subject, "nvmlDeviceGetHandleByIndex", partial(get, index), shown=False)
        if handle is None:
            return
        tell("got", subject, "seconds", round(time.monotonic() - started, 2))
        answers = {call: self.ask(subject, call, handle) for call in DEVICE}
        if any(answers["nvmlDeviceGetMigMode"] or ()):
            self.slices(subject, handle)
        self.links(subject, handle)
        handles[index] = handle

    def slices(self, subject: str, handle: Foreign) -> None:
        """Ask each MIG slice; a place without one answers NOT_FOUND."""
        call = "nvmlDeviceGetMigDeviceHandleByIndex"
        get = self.nvml.nvmlDeviceGetMigDeviceHandleByIndex
        for place in range(SLICES):
            name = f"{subject}/{place}"
            part = self.put(name, call, partial(get, handle, place), shown=False)
            for question in SLICE if part is not None else ():
                self.ask(name, question, part)

    def links(self, subject: str, handle: Foreign) -> None:
        """Ask each NVLink that is up where it leads."""
        for link in range(LINKS):
            up = self.ask(subject, f"nvmlDeviceGetNvLinkState({link})", handle)
            if up is None:
                return
            for question in LINK if up else ():
                self.ask(subject, f"{question}({link})", handle)

    def pairs(self, handles: dict[int, Foreign]) -> None:
        """Ask how far apart two devices are, and whether one may read the other's memory."""
        order = sorted(handles)
        for place, first in enumerate(order):
            for second in order[place + 1 :]:
                for call in PAIR:
                    self.ask(f"{first}-{second}", call, handles[first], handles[second])

    def all(self) -> None:
        """Ask the system, then all devices at once (each sleeping one takes 1-3 s), then pairs."""
        if self.put("-", "nvmlInit", lambda: self.nvml.nvmlInit() or True, shown=False) is None:
            return
        count = [self.ask("-", call) for call in SYSTEM][-1] or 0
        handles: dict[int, Foreign] = {}
        threads = [
            threading.Thread(target=self.device, args=(index, handles), daemon=True)
            for index in range(min(count, DEVICES))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(SECONDS)
        self.pairs(handles)


def main() -> None:
    """Ask, and leave without NVML's shutdown, which may take as long as waking up did."""
    watch = threading.Timer(SECONDS, os._exit, (1,))
    watch.daemon = True
    watch.start()
    try:
        import pynvml
    except ImportError:
        tell("err", "-", "import pynvml", UNKNOWN)
    else:
        Asker(pynvml).all()
    tell("done")
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
