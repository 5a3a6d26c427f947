"""Reads workloads and constants by name, and all parts: files that are Structs written out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from advisor.book import folders as places
from advisor.book.convert import convert
from advisor.book.reader import load
from advisor.book.rules import top
from advisor.book.soundness import check
from advisor.compatibility import Compatibility
from advisor.errors import AdvisorError, AdvisorErrors
from advisor.part import Part, Shelf, stocked
from advisor.workload import Workload

T = TypeVar("T", bound=msgspec.Struct)


def workload(name: str, folders: Sequence[Path]) -> Workload:
    """Read ``workloads/<name>.yaml`` of the last folder that has it."""
    document = load(workload_file(name, folders))
    read = convert(document, top(document, "workload"), Workload)
    check(document, top(document, "workload"), read)
    if read.name != name:
        node = top(document, "workload").entries["name"].value
        wrong = f"the file is named {name}, the workload {read.name[:60]!r}"
        raise document.error("read a workload", wrong, node)
    return read


def workload_file(name: str, folders: Sequence[Path]) -> Path:
    """Find the file of a workload; raises with the nearest name."""
    return places.named("workloads", name, folders)


def workloads(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all workloads."""
    below = [folder / "workloads" for folder in places.all_folders(folders)]
    return tuple(sorted({p.stem for b in below if b.is_dir() for p in places.files(b)}))


def constants(name: str, folders: Sequence[Path], wanted: type[T]) -> T:
    """Read ``constants/<name>.yaml`` of the last folder that has it, as the predictor wants it."""
    document = load(constants_file(name, folders))
    return convert(document, top(document, "set of constants"), wanted)


def constants_file(name: str, folders: Sequence[Path]) -> Path:
    """Find the file of a set of constants; raises with the nearest name."""
    return places.named("constants", name, folders)


def compatibility() -> Compatibility:
    """Read the shipped tables of which software fits which."""
    document = load(places.named("compatibility", "cuda", ()))
    return convert(document, top(document, "compatibility"), Compatibility)


def parts(folders: Sequence[Path]) -> tuple[Part, ...]:
    """Read every shelf of ``parts/``, in order of precedence; raises AdvisorErrors."""
    found: list[Part] = []
    problems: list[AdvisorError] = []
    for path in part_files(folders):
        try:
            document = load(path)
            found += stocked(convert(document, top(document, "shelf of parts"), Shelf))
        except AdvisorError as error:
            problems += error.problems
    if problems:
        raise AdvisorErrors("read parts", problems)
    return tuple(found)


def part_files(folders: Sequence[Path]) -> tuple[Path, ...]:
    """Return every file of ``parts/``, in order of precedence."""
    below = [folder / "parts" for folder in places.all_folders(folders)]
    return tuple(path for shelf in below if shelf.is_dir() for path in places.files(shelf))
