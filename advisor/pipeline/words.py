"""Names that a command line may hold, for shells that complete them."""

from advisor import book
from advisor.pipeline.folders import layered
from advisor.pipeline.kept import catalogue


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
    return sorted({path.stem for path in book.rule_files(layered(()))})
