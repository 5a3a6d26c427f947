"""Workloads that a case names by a file or a function: read once, by whoever can."""

import importlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from advisor import book
from advisor.errors import AdvisorError
from advisor.workload import Workload


def workload_of(form: Mapping[str, Any], folders: Sequence[Path]) -> Workload:
    """Read the workload that a form names.

    Raises:
        AdvisorError: it names none, or what it names cannot be read.
    """
    if form.get("model"):
        return _factory(form["model"])
    if form.get("name"):
        return book.workload(form["name"], folders)
    raise AdvisorError(
        "read a workload",
        "it has none of the known forms",
        remedy="name, model, macs with activations, ops, opaque, llm, trees",
    )


def _factory(name: str) -> Workload:
    """Trace what a function returns: a torch module and its example inputs, on the meta device."""
    module, colon, function = name.partition(":")
    try:
        from advisor.model import factory
    except ImportError as error:
        raise AdvisorError(
            f"trace {name}", "torch is not installed", remedy="install the extra `bench`"
        ) from error
    if not (module and colon and function):
        raise AdvisorError(f"trace {name}", "it is not of the form package.module:factory")
    try:
        found = importlib.import_module(module)
    except Exception as error:  # whatever a user's module raises is theirs to read
        raise AdvisorError(f"trace {name}", f"{type(error).__name__}: {error}") from error
    return factory.workload(found, function, name)
