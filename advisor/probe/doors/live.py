"""The running system, asked without root and without waiting."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from threading import Thread
from types import ModuleType

from advisor.probe.doors import files
from advisor.probe.source import FILE_BYTES, Json, Unread

DISK_SECONDS = 2.0
RUN_SECONDS = 5.0  # system_profiler takes 1-3 s


class Live:
    """The door to the system that this process runs on."""

    kind = "live"
    running = True
    linux = sys.platform.startswith("linux")

    def read(self, path: str) -> bytes | Unread:
        """Return the bytes of a regular file."""
        return files.read(path, follow=True)

    def names(self, path: str) -> tuple[str, ...] | Unread:
        """Return the sorted names in a folder."""
        return files.names(path)

    def link(self, path: str) -> str | Unread:
        """Return the path with every link followed."""
        try:
            return os.path.realpath(path, strict=True)
        except (OSError, ValueError) as error:
            return Unread(files.reason(error))

    def run(self, command: tuple[str, ...]) -> str | Unread:
        """Return what a program prints in a C locale; it is killed when its time is over."""
        try:
            done = subprocess.run(
                command,
                capture_output=True,
                check=False,
                stdin=subprocess.DEVNULL,
                timeout=RUN_SECONDS,
                env={**os.environ, "LC_ALL": "C"},
            )
        except FileNotFoundError:
            return Unread("no such program here")
        except subprocess.TimeoutExpired:
            return Unread(f"no answer within {RUN_SECONDS:g} s")
        except OSError as error:
            return Unread(files.reason(error))
        if done.returncode:
            return Unread(f"it failed with exit code {done.returncode}")
        return done.stdout[:FILE_BYTES].decode("utf-8", "replace")

    def process(self, name: str) -> Json | Unread:
        """Return a fact about this process."""
        kind, _, subject = name.partition(":")
        if kind not in _FACTS:
            return Unread("no such fact")
        try:
            return _FACTS[kind](subject)
        except OSError as error:
            return Unread(files.reason(error))
        except (AttributeError, ImportError, LookupError, ValueError) as error:
            return Unread(f"not on this system: {error}")


# Where torch's compiler looks: the variable, then these (torch/_inductor/config.py, cpp.cxx).
_COMPILERS = ("g++", "clang++", "cl")


def _compiler(_: str) -> Json:
    """Return the name of the C++ compiler that is found first; empty where there is none."""
    named = (os.environ.get("CXX") or "", *_COMPILERS)
    return next((os.path.basename(name) for name in named if name and shutil.which(name)), "")


def _torch_spaced(_: str) -> Json:
    """Say whether torch lies below a path with a space: a capture names no such path."""
    folders = (one for one in sys.path if os.path.isfile(f"{one}/torch/version.py"))
    found = next(folders, None)
    return None if found is None else " " in os.path.abspath(found)


def _headers(_: str) -> Json:
    """Return whether Python's own headers lie where its installation has them."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}{getattr(sys, 'abiflags', '')}"
    folders = (f"include/python{version}", "Include")
    return any(os.path.exists(f"{sys.base_prefix}/{folder}/Python.h") for folder in folders)


def _environment(name: str) -> Json:
    return os.environ.get(name)


def _space(path: str) -> Json:
    """Ask in a thread that can be left behind: a disk whose server is gone never answers."""
    answers: list[Json] = []

    def ask() -> None:
        with suppress(OSError):
            space = shutil.disk_usage(path)
            answers.append({"total": space.total, "free": space.free})

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(DISK_SECONDS)
    if not answers:
        raise OSError(0, "the disk gave no answer")
    return answers[0]


def _affinity(_: str) -> Json:
    if hasattr(os, "sched_getaffinity"):
        return sorted(os.sched_getaffinity(0))
    import psutil

    return sorted(psutil.Process().cpu_affinity())


def platform() -> ModuleType:
    """Return the standard module, which costs 5 ms and is not needed on Linux."""
    import platform

    return platform


def _psutil(_: str) -> Json:
    """Return whole numbers, for systems without /proc."""
    import psutil

    memory = psutil.virtual_memory()
    told = {
        "cores": psutil.cpu_count(logical=False),
        "threads": psutil.cpu_count(),
        "total": memory.total,
        "available": memory.available,
    }
    clock = psutil.cpu_freq() if hasattr(psutil, "cpu_freq") else None
    battery = psutil.sensors_battery() if hasattr(psutil, "sensors_battery") else None
    told |= {"max_hz": int(clock.max * 1e6)} if clock and clock.max else {}
    if battery:
        told |= {
            "plugged": int(bool(battery.power_plugged)),
            "battery_percent": int(battery.percent),
        }
    return {name: number for name, number in told.items() if number is not None}


def _cpuinfo(_: str) -> Json:
    """Return the processor's name; py-cpuinfo takes over a second, so it is the last resort."""
    import cpuinfo

    name = cpuinfo.get_cpu_info().get("brand_raw")
    return name if isinstance(name, str) else None


def _secrets(_: str) -> Json:
    """Return the names of host, user and home, which no capture may hold."""
    import getpass
    import socket

    return [socket.gethostname(), getpass.getuser(), *os.path.expanduser("~").split("/")]


def _architectures(path: str) -> Json:
    from advisor.probe.doors.binary import architectures

    return architectures(path)


def _pci_line(subject: str) -> Json:
    """Return one line of pci.ids: the whole file has no place in a recording."""
    from advisor.probe.pci_names import FILES, listed

    for path in FILES:
        found = files.read(path, follow=True)
        if isinstance(found, bytes):
            return listed(found.decode("utf-8", "replace"), subject)
    return None


def _xids(subject: str) -> Json:
    from advisor.probe.doors.kernel_log import xids

    return xids(subject)


# Each is asked by name, ``kind`` or ``kind:subject``.
_FACTS: dict[str, Callable[[str], Json]] = {
    "secrets": _secrets,
    "taken": lambda _: datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
    "affinity": _affinity,
    "env": _environment,
    "platform": lambda _: sys.platform,
    "machine": lambda _: platform().machine(),
    "system": lambda _: platform().platform(),
    "release": lambda _: platform().release(),
    "psutil": _psutil,
    "cpuinfo": _cpuinfo,
    "python": lambda _: sys.version.split()[0],
    "path": lambda _: [folder for folder in sys.path if os.path.isabs(folder)],
    "compiler": _compiler,
    "headers": _headers,
    "torch_spaced": _torch_spaced,
    "space": _space,
    "architectures": _architectures,
    "xids": _xids,
    "pci.ids": _pci_line,
}
