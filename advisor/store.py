"""The state folder: whole-file writes, keys by host, hardware and software, one writer at a time.

A number measured here must not be lent to another machine: home folders lie on NFS, and golden
images are cloned. The key therefore holds the host's identity, and also the kernel, driver and
torch, for a change of stack is not a change of hardware.
"""

import contextlib
import errno
import hashlib
import os
import platform
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from advisor.errors import AdvisorError, Exit, Where
from advisor.machine import Machine
from advisor.measurement import Measurement, same

SCHEMA = "mlinfra/measurements/1"
# A full bench is some hundred measurements of half a kilobyte; far more is not ours.
MOST_BYTES = 16 * 1024 * 1024


class Stored(msgspec.Struct, frozen=True):
    """The measurements of one host, hardware and software."""

    key: str
    measurements: tuple[Measurement, ...]
    schema: str = SCHEMA


def folder() -> Path:
    """Return where state is kept: ``MLINFRA_STATE``, else the XDG state folder."""
    own = os.environ.get("MLINFRA_STATE")
    if own:
        return Path(own)
    base = os.environ.get("XDG_STATE_HOME")
    return (Path(base) if base else Path(_home(), ".local", "state")) / "mlinfra"


def _home() -> str:
    home = os.path.expanduser("~")  # noqa: PTH111 - Path.home() raises where there is no home
    return home if home != "~" else tempfile.gettempdir()


def key(identity: str | None, machine: Machine) -> str:
    """Name the host, hardware, CPUs allowed and software that a measurement is true of.

    A host that keeps no identity is known by its network name. What was timed on one CPU of eight
    says nothing of a process that may use them all.
    """
    parts = (
        identity or platform.node(),
        machine.cpu.model,
        machine.cpu.threads_online,
        machine.cpu.threads_allowed,
        machine.memory.total_bytes,
        *((d.pci_id, d.name, d.uuid) for d in machine.devices),
        machine.software.kernel,
        machine.software.driver,
        machine.software.torch,
    )
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def write_whole(path: Path, data: bytes, attempted: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never a part.

    It may be read by whom the old one, or the umask, lets. A pipe or device is written to.

    Raises:
        AdvisorError: the place cannot be written; the old file is as it was.
    """
    temporary = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            path.write_bytes(data)
            return
        path = path.resolve()  # a link goes on leading to its file
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with open(handle, "wb") as file:  # noqa: PTH123 - an open descriptor, no path
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(_mode(path))
        Path(temporary).replace(path)
    except OSError as error:
        raise AdvisorError(
            attempted,
            error.strerror or str(error),
            where=Where(str(path)),
            remedy=_cure(error),
            code=Exit.BROKEN,
        ) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()


def _cure(error: OSError) -> str:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return "free the space, or name another place" if full else "name a place that can be written"


def _mode(path: Path) -> int:
    """Return the rights of a file, or those of a new one, whose mask is read by setting it."""
    if path.exists():
        return path.stat().st_mode & 0o777
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask


def _path(name: str) -> Path:
    return folder() / "measurements" / f"{name}.json"


def load(name: str) -> tuple[Measurement, ...]:
    """Return what was measured under a key; nothing where nothing is kept.

    Raises:
        AdvisorError: a file is there, but is not ours or is damaged; it is left as it is.
    """
    path = _path(name)
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
        stored = msgspec.json.decode(data, type=Stored)
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _unreadable(path, error) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise _damaged(path, str(error)) from error
    if stored.key != name or stored.schema != SCHEMA:
        raise _damaged(path, "it belongs to another machine or version")
    return stored.measurements


class DamagedError(AdvisorError):
    """A file of ours that does not hold what we wrote; one that cannot be read is none."""


def _unreadable(path: Path, error: OSError) -> AdvisorError:
    return AdvisorError(
        "read the stored measurements",
        error.strerror or str(error),
        where=Where(str(path)),
        remedy="set MLINFRA_STATE to a folder that can be read and written",
        code=Exit.BROKEN,
    )


def _damaged(path: Path, wrong: str) -> DamagedError:
    return DamagedError(
        "read the stored measurements",
        wrong,
        where=Where(str(path)),
        remedy="`mlinfra bench` sets it aside and measures anew",
        code=Exit.BROKEN,
    )


def keep(name: str, measurements: Iterable[Measurement]) -> None:
    """Add measurements under a key; a newer one takes the place of the same one.

    A damaged file is set aside under the name ``….damaged``, not lost.

    Raises:
        AdvisorError: the state folder cannot be written.
    """
    path = _path(name)
    with _locked(path):
        try:
            known = load(name)
        except DamagedError:
            path.replace(_aside(path))
            known = ()
        merged = {same(m): m for m in (*known, *measurements)}
        data = msgspec.json.encode(Stored(name, tuple(merged.values())))
        write_whole(path, data, "keep the measurements")


def _aside(path: Path) -> Path:
    """Name a place for a damaged file where none lies yet."""
    names = (path.with_suffix(f".damaged{number or ''}") for number in range(1000))
    return next((name for name in names if not name.exists()), path.with_suffix(".damaged"))


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Hold the key's lock; where locks are not to be had (some NFS), go on without."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_suffix(".lock").open("a")
    except OSError as error:
        raise AdvisorError(
            "keep the measurements",
            error.strerror or str(error),
            where=Where(str(path.parent)),
            remedy="set MLINFRA_STATE to a folder that can be written",
            code=Exit.BROKEN,
        ) from error
    with lock:
        _flock(lock.fileno())
        yield


def _flock(descriptor: int) -> None:
    try:
        import fcntl
    except ImportError:  # native Windows; a rename is whole there too
        return
    with contextlib.suppress(OSError):
        fcntl.flock(descriptor, fcntl.LOCK_EX)
