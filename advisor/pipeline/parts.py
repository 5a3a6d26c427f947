"""The catalogue, listed and looked up."""

from pathlib import Path

from advisor import __version__
from advisor.errors import AdvisorError
from advisor.part import PartList, plain, resolve
from advisor.pipeline.kept import by_name, catalogue


def chosen(words: tuple[str, ...], kind: str, folders: tuple[Path, ...]) -> PartList:
    """List the parts whose names hold all the words.

    Raises:
        AdvisorError: there is none.
    """
    found = tuple(
        part
        for part in catalogue(folders)
        if (not kind or part.kind == kind)
        and all(any(plain(word) in plain(n) for n in (part.name, *part.names)) for word in words)
    )
    if not found:
        wanted = " ".join((*words, kind)).strip()
        raise AdvisorError("list parts", f"none is {wanted!r}", remedy="mlinfra parts list")
    return PartList(tool=__version__, parts=found)


def named(names: tuple[str, ...], folders: tuple[Path, ...]) -> PartList:
    """Look parts up by name, to lay them side by side.

    Raises:
        AdvisorError: a name fits no part, or several that differ.
    """
    known = by_name(folders)
    found = [resolve(known, name) for name in names]
    return PartList(
        tool=__version__,
        parts=tuple(one.part for one in found),
        notes=tuple(one.note for one in found if one.note),
        compared=True,
    )
