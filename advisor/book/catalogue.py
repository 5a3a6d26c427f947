"""Reads workloads by name, and all parts: files that are Structs written out."""

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec

from advisor.book import folders as places
from advisor.book.convert import convert
from advisor.book.reader import load
from advisor.book.rules import top
from advisor.book.tree import Sequence as Items
from advisor.errors import AdvisorError, AdvisorErrors
from advisor.workload import Workload

T = TypeVar("T", bound=msgspec.Struct)


def workload(name: str, folders: Sequence[Path]) -> Workload:
    """Read ``workloads/<name>.yaml`` of the last folder that has it."""
    document = load(places.named("workloads", name, folders))
    read = convert(document, top(document, "workload"), Workload)
    if read.name != name:
        node = top(document, "workload").entries["name"].value
        wrong = f"the file is named {name}, the workload {read.name[:60]!r}"
        raise document.error("read a workload", wrong, node)
    return read


def workloads(folders: Sequence[Path]) -> tuple[str, ...]:
    """Return the names of all workloads."""
    below = [folder / "workloads" for folder in places.all_folders(folders)]
    return tuple(sorted({p.stem for b in below if b.is_dir() for p in places.files(b)}))


def parts(folders: Sequence[Path], wanted: type[T]) -> tuple[T, ...]:
    """Read every file of ``parts/``: each is a list of parts, or a mapping whose ``parts:`` is."""
    found: list[T] = []
    problems: list[AdvisorError] = []
    for folder in places.all_folders(folders):
        below = folder / "parts"
        for path in places.files(below) if below.is_dir() else []:
            try:
                found += _file(path, wanted)
            except AdvisorErrors as errors:
                problems += errors.problems
            except AdvisorError as error:
                problems.append(error)
    if problems:
        raise AdvisorErrors("read parts", problems)
    return tuple(found)


def _file(path: Path, wanted: type[T]) -> list[T]:
    document = load(path)
    root = document.root
    if not isinstance(root, Items):
        mapping = top(document, "part")
        entry = mapping.entries.get("parts")
        if entry is None or not isinstance(entry.value, Items):
            raise document.error("read parts", "parts: with a list should be here", mapping)
        root = entry.value
    return list(convert(document, root, tuple[wanted, ...]))  # type: ignore[valid-type] # mypy reads no types made at run time
