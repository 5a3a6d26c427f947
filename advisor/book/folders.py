"""Finds rules, policies, workloads and parts: shipped ones first, then each folder given."""

from collections.abc import Sequence
from pathlib import Path

import advisor
from advisor.book.near import listed, near
from advisor.errors import AdvisorError, Exit, Where

SUFFIXES = (".yaml", ".yml")
# Folders whose files are not rules.
OTHERS = ("policy", "workloads", "parts", "constants", "compatibility")
_KINDS = {"workloads": "workload", "parts": "part", "constants": "set of constants"}
FILES = 10_000  # more than any rule base; a wrong --rules such as / ends here


def shipped() -> Path:
    """Return the folder of the rules that came with the program."""
    package = Path(advisor.__file__).parent
    for folder in (package / "rules", package.parent / "rules"):
        if folder.is_dir():
            return folder
    raise AdvisorError(
        "find the rules", f"no folder {package / 'rules'}", remedy="reinstall", code=Exit.BROKEN
    )


def all_folders(folders: Sequence[Path]) -> list[Path]:
    """Return the shipped folder and the others, in order of precedence; later ones win."""
    for folder in folders:
        if not folder.is_dir():
            raise AdvisorError("read rules", "there is no such folder", where=Where(str(folder)))
    return [shipped(), *folders]


def files(folder: Path) -> list[Path]:
    """Return the YAML files below a folder, in name order."""
    found: list[Path] = []
    for path in folder.rglob("*"):
        if path.suffix in SUFFIXES and not path.name.startswith("."):
            found.append(path)
        if len(found) > FILES:
            wrong = f"more than {FILES} files"
            raise AdvisorError("read rules", wrong, where=Where(str(folder)))
    return sorted(found)


def rule_files(folder: Path) -> list[Path]:
    """Return the files below a folder that hold rules."""
    return [p for p in files(folder) if p.relative_to(folder).parts[0] not in OTHERS]


def check_files(folder: Path) -> list[Path]:
    """Return the files below a folder that a check can read: policies and rules."""
    data = set(OTHERS) - {"policy"}
    return [p for p in files(folder) if p.relative_to(folder).parts[0] not in data]


def known(kind: str, folders: Sequence[Path]) -> dict[str, Path]:
    """Return every file ``<kind>/<name>.yaml`` by its name; a later folder's takes the place."""
    found: dict[str, Path] = {}
    for folder in all_folders(folders):
        below = folder / kind
        found |= {path.stem: path for path in (files(below) if below.is_dir() else [])}
    return found


def named(kind: str, name: str, folders: Sequence[Path]) -> Path:
    """Find ``<kind>/<name>.yaml`` in the last folder that has it; raises with the nearest name."""
    paths = known(kind, folders)
    if name in paths:
        return paths[name]
    what = {"workloads": "workload", "parts": "part", "constants": "set of constants"}.get(
        kind, kind
    )
    remedy = near(name, paths) or f"known are: {listed(sorted(paths)) or 'none'}"
    raise AdvisorError(f"find {what} {name[:60]!r}", f"no {what} has that name", remedy=remedy)
