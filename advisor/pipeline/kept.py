"""Rules, parts, workloads and constants, read once: copies that decode in milliseconds are kept.

They lie beside the measurements. A copy is good for as long as no file that it was read from has
changed; where it cannot be kept or read, the files are read each time, and nothing is said.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import msgspec

from advisor import __version__, book, store
from advisor.constants import ConstantSet
from advisor.errors import AdvisorError
from advisor.fact import Vocabulary
from advisor.part import Catalogue, Part, index
from advisor.rule import Rule
from advisor.workload import Workload

T = TypeVar("T", bound=msgspec.Struct)
# The shipped catalogue's copy is 1.4 MB, that of the rules 0.5 MB.
_MOST_BYTES = 64 * 1024 * 1024


class _Copy(msgspec.Struct, frozen=True, array_like=True):
    """Of which files this is a copy; the values themselves follow as msgpack."""

    stamp: str
    values: msgspec.Raw


def catalogue(folders: Sequence[Path]) -> tuple[Part, ...]:
    """Return every part, in order of precedence.

    Raises:
        AdvisorError: a part file cannot be read.
    """
    files = book.part_files(folders)
    return _read("catalogue", _stamp(files), Part, lambda: book.parts(folders))


def by_name(folders: Sequence[Path]) -> Catalogue:
    """Return every part by the names it answers to, sorted once while no file of them changes.

    Raises:
        AdvisorError: a part file cannot be read.
    """
    return _sorted(_stamp(book.part_files(folders)), tuple(folders))


@lru_cache(maxsize=1)
def _sorted(_stamp: str, folders: tuple[Path, ...]) -> Catalogue:
    return index(catalogue(folders))


def rules(folders: Sequence[Path], vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """Return every rule in force; what a condition means depends on the vocabulary, too.

    Raises:
        AdvisorErrors: every mistake in a rule file.
    """
    files = book.rule_files(folders)
    stamp = _stamp(files, msgspec.msgpack.encode(vocabulary))
    return _read("rules", stamp, Rule, lambda: book.rules(folders, vocabulary))


def workload(name: str, folders: Sequence[Path]) -> Workload:
    """Return a workload of the book.

    Raises:
        AdvisorError: there is none of that name, or it cannot be read.
    """
    stamp = _stamp([book.workload_file(name, folders)])
    read = _read(f"workload-{name}", stamp, Workload, lambda: (book.workload(name, folders),))
    return read[0]


def constants(name: str, folders: Sequence[Path]) -> ConstantSet:
    """Return a set of the predictor's constants.

    Raises:
        AdvisorError: there is none of that name, or it cannot be read.
    """
    stamp = _stamp([book.constants_file(name, folders)])
    made = _read(
        f"constants-{name}",
        stamp,
        ConstantSet,
        lambda: (book.constants(name, folders, ConstantSet),),
    )
    return made[0]


def _read(name: str, stamp: str, kind: type[T], read: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    kept = _kept(name, stamp, kind)
    if kept is not None:
        return kept
    values = read()
    _keep(name, _Copy(stamp, msgspec.Raw(msgspec.msgpack.encode(values))))
    return values


def _stamp(files: Iterable[Path], more: bytes = b"") -> str:
    """Name the state of files, and of the code that reads them, by paths, sizes and times."""
    found = [__version__]
    for path in (*files, *sorted(Path(book.__file__).parent.glob("*.py"))):
        told = path.stat()
        found.append(f"{path} {told.st_size} {told.st_mtime_ns}")
    return hashlib.sha256("\n".join(found).encode() + more).hexdigest()


def _path(name: str) -> Path:
    return store.folder() / f"{name}.msgpack"


def _kept(name: str, stamp: str, kind: type[T]) -> tuple[T, ...] | None:
    try:
        with _path(name).open("rb") as file:
            copy = msgspec.msgpack.decode(file.read(_MOST_BYTES), type=_Copy)
        if copy.stamp != stamp:
            return None
        return msgspec.msgpack.decode(copy.values, type=tuple[kind, ...])  # type: ignore[valid-type] # a type by value
    except (OSError, msgspec.DecodeError, RecursionError):
        return None


def _keep(name: str, copy: _Copy) -> None:
    try:
        store.write_whole(_path(name), msgspec.msgpack.encode(copy), f"keep a copy of the {name}")
    except AdvisorError:
        return  # the next call reads the files again
