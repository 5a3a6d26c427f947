"""Names that a command line may hold, for shells that complete them."""

from pathlib import Path

from advisor import book
from advisor.pipeline.catalogue import catalogue
from advisor.pipeline.folders import layered


def workloads() -> list[str]:
    """Return the names of all workloads."""
    return sorted(book.known("workloads", layered(())))


def policies() -> list[str]:
    """Return the names of all policies."""
    return sorted(book.known("policy", layered(())))


def parts() -> list[str]:
    """Return every part's name, as drivers print it."""
    return sorted(part.name for part in catalogue(layered(())))


def rules() -> list[str]:
    """Return the ids of all rules: a rule's file is named by its id."""
    return sorted({path.stem for folder in _folders() for path in book.rule_files(folder)})


def _folders() -> list[Path]:
    return [book.shipped(), *layered(())]
